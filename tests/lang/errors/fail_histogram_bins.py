import numpy as np
from numba import njit


@njit
def f(x, i, v):
    h, v = np.histogram(x, i[0])  # error: np.histogram() takes an integer or an array of edges of 1 dimension for 'bins', not a float64 [bad-argument]
    return x


f(np.zeros(3), np.zeros(2), np.zeros(1))
