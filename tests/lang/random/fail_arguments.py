import numpy as np
from numba import njit


@njit
def f(n):
    return np.random.binomial(n, 0.5)  # error: np.random.binomial() takes an integer for 'n', not an array(float64, 1d, C) [bad-argument]


f(np.zeros(2))
