import numpy as np
from numba import njit


@njit
def f(a):
    return np.arange(0, 5, 0)  # error: ZeroDivisionError: division by zero


f(np.arange(8.0))
