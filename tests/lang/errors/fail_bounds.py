import numpy as np
from numba import njit


@njit(boundscheck=True)
def f(a, i):
    return a[0, i]  # error: IndexError: index 5 is out of bounds for axis 1 with size 3


f(np.zeros((2, 3)), 5)
