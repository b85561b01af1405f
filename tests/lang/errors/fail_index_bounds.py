import numpy as np
from numba import njit


@njit(boundscheck=True)
def f(x, i, v):
    x[i] = v  # error: IndexError: index -4 is out of bounds for axis 0 with size 3
    return x


f(np.zeros(3), np.array([2, -4]), 0)
