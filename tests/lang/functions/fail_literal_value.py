# A value that cannot be compiled in where a constant is needed.
import numpy as np
from numba import njit


@njit
def total(a, axis):
    return np.sum(a, axis=axis)  # error: axis of np.sum() must be a constant [not-constant]


total(np.ones((2, 3)), 1.0)
