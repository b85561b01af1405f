import numpy as np
from numba import njit


@njit
def f(a):
    return a.mean(dtype=np.int64)  # error: mean() with a dtype of integers or booleans is not supported [not-supported]


f(np.ones((3, 3)))
