# What a @= b makes has to go into a.
import numpy as np
from numba import njit


@njit
def f(a, b):
    a @= b  # error: the result of '@=' is array(float64, 1d, C) and does not go into array(float64, 2d, C) [bad-argument]
    return a


f(np.ones((2, 2)), np.ones(2))
