import numpy as np
from numba import njit


@njit
def f(a):
    return a[(0, 1),]  # error: a tuple among the indices is not supported [not-supported]


f(np.ones((3, 3)))
