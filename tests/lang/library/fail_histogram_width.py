"""Bins that are narrower than the distance of floating-point numbers."""
import numpy as np
from numba import njit


@njit
def counted(x, n):
    return np.histogram(x, n)[0]  # error: ValueError: Too many bins for data range. Cannot create 1000 finite-sized bins.


counted(np.array([1e6, 1e6 + 1e-9]), 1000)
