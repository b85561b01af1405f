import numpy as np
from numba import njit


@njit
def f(loc):
    return np.random.normal(loc)  # error: np.random.normal() takes a number for 'loc', not an array(float64, 1d, C) [bad-argument]


f(np.zeros(2))
