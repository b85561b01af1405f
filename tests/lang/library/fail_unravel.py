import numpy as np
from numba import njit


@njit
def f(i):
    return np.unravel_index(i, (2, 3))  # error: ValueError: index 6 is out of bounds for array with size 6


f(6)
