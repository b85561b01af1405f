import numpy as np
from numba import njit


@njit
def f(a):
    i = [0, 1]
    return a[i]  # error: a list in a variable as an index is not supported [not-supported]


f(np.ones((3, 3)))
