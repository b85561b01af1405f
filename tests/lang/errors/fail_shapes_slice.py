import numpy as np
from numba import njit


@njit
def f(x, y, z):
    x[:] = y  # error: ValueError: could not broadcast input array from shape (3,2) into shape (2,3)
    return x


f(np.ones((2, 3)), np.ones((3, 2)), np.ones((4, 2, 3)))
