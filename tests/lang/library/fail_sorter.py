"""Indices that a library function is given are checked."""
import numpy as np
from numba import njit


@njit
def f(a, i):
    return np.searchsorted(a, 1.5, sorter=i)  # error: ValueError: Sorter index out of range.


f(np.ones(3), np.array([0, 1, 99999999999]))
