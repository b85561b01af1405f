import numpy as np
from numba import njit


@njit
def f(x, i, v):
    x[i] = v  # error: ValueError: shape mismatch: value array of shape (3,) could not be broadcast to indexing result of shape (2,)
    return x


f(np.zeros(3), np.array([0, 1]), np.ones(3))
