import numpy as np
from numba import njit


@njit
def f(a, c):
    t = 1
    if c:
        t = a  # error: 't' is array(float64, 1d, C) here and int (Python) there, which have no common type [cannot-unify]
    return t


f(np.zeros(2), True)
