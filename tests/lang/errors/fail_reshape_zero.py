import numpy as np
from numba import njit


@njit
def f(a):
    return a[:0].reshape(-1, 0)  # error: ValueError: cannot reshape array of size 0: the unknown dimension beside one of length 0 may be anything


f(np.arange(8.0))
