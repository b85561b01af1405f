import numpy as np
from numba import njit


@njit
def f(x, i, v):
    x[i] = v  # error: ValueError: NumPy boolean array indexing assignment cannot assign 2 input values to the 3 output values where the mask is true
    return x


f(np.zeros(3), np.ones(3, dtype=np.bool_), np.ones(2))
