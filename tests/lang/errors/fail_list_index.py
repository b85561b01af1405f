import numpy as np
from numba import njit


@njit
def f(a, x):
    t = (x, x)
    t2 = (t, t, t, t)
    t3 = (t2, t2, t2, t2)
    t4 = (t3, t3, t3, t3)
    t5 = (t4, t4, t4, t4)
    t6 = (t5, t5, t5, t5)  # error: a tuple of more than 512 values or 40 levels is not supported [not-supported]
    return a[[0, 1.5]]  # error: this list as an index is not supported [not-supported]


f(np.zeros((2, 3)), 1)
