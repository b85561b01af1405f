import numpy as np
from numba import njit


@njit
def f(n):
    return np.mgrid[0:n:0, 0:2]  # error: ZeroDivisionError: division by zero


f(3)
