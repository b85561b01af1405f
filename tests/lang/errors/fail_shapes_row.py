import numpy as np
from numba import njit


@njit
def f(x, y, z):
    z[:, 1:] = y[:2]  # error: ValueError: could not broadcast input array from shape (2,2) into shape (4,1,3)
    return x


f(np.ones((2, 3)), np.ones((3, 2)), np.ones((4, 2, 3)))
