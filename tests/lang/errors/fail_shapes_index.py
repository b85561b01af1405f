import numpy as np
from numba import njit


@njit
def f(x, y, z):
    z[np.array([[0, 1]])] = y  # error: ValueError: shape mismatch: value array of shape (3,2) could not be broadcast to indexing result of shape (1,2,2,3)
    return x


f(np.ones((2, 3)), np.ones((3, 2)), np.ones((4, 2, 3)))
