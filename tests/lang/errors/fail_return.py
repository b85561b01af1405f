import numpy as np
from numba import njit


@njit
def f(a, c):
    if c:
        return a
    return 1  # error: 'f' returns int (Python) here and array(float64, 1d, C) elsewhere, which have no common type [bad-return]


f(np.zeros(2), True)
