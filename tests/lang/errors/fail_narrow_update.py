import numpy as np
from numba import njit


@njit
def f(a):
    a += 255
    a[1:] *= -1  # error: OverflowError: Python integer -1 out of bounds for uint8
    return a


f(np.ones(3, np.uint8))
