# The array given for a reduction's result has its rank and dtype.
import numpy as np
from numba import njit


@njit
def f(a, out):
    return np.sum(a, axis=0, out=out)  # error: np.sum() takes an array of 1 dimensions of float64 for out, not an array(float64, 2d, C) [bad-argument]


f(np.ones((2, 2)), np.zeros((2, 2)))
