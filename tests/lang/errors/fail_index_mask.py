import numpy as np
from numba import njit


@njit
def f(x, i, v):
    x[i] = v  # error: IndexError: boolean index did not match indexed array along axis 0; size of axis is 3 but size of corresponding boolean axis is 2
    return x


f(np.zeros((3, 2)), np.array([True, False]), 0)
