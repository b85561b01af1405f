import numpy as np
from numba import njit


@njit
def f(x, y, z):
    z = z[np.zeros((2, 2), np.int64), np.zeros((3, 2), np.int64)]  # error: IndexError: shape mismatch: indexing arrays could not be broadcast together with shapes (2,2) (3,2)
    return x


f(np.ones((2, 3)), np.ones((3, 2)), np.ones((4, 2, 3)))
