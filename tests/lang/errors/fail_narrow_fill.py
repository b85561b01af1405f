import numpy as np
from numba import njit


@njit
def f(a):
    a[1:] = 127
    a[:] = 128  # error: OverflowError: Python integer 128 out of bounds for int8
    return a


f(np.ones(3, np.int8))
