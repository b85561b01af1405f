import numpy as np
from numba import njit


@njit
def f(x, i, v):
    h, v = np.histogram(x, i)  # error: bins of np.histogram() that are an array(float64, 1d, C) is not supported [not-supported]
    return x


f(np.zeros(3), np.zeros(2), np.zeros(1))
