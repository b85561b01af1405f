"""An exception that is raised in the library carries the place of the call."""
import numpy as np
from numba import njit


@njit
def convolved(a, b):
    s = a.sum()
    return s + np.convolve(a, b).sum()  # error: ValueError: v cannot be empty


convolved(np.ones(3), np.zeros(0))
