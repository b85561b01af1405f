import numpy as np
from numba import njit


@njit
def f(x, i, v):
    x = x[i]  # error: an array of float64 as an index, not of integers or booleans [bad-index]
    return x


f(np.zeros(3), np.zeros(2), 0)
