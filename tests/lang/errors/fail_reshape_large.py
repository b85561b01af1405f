import numpy as np
from numba import njit


@njit
def f(a):
    return a.reshape(2**61 + 1, 8)  # error: ValueError: cannot reshape array of size 8 into shape (2305843009213693953,8)


f(np.arange(8.0))
