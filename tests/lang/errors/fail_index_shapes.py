import numpy as np
from numba import njit


@njit
def f(x, i, v):
    x = x[i, v]  # error: IndexError: shape mismatch: indexing arrays could not be broadcast together with shapes (2,) (3,)
    return x


f(np.zeros((3, 3)), np.array([0, 1]), np.arange(3))
