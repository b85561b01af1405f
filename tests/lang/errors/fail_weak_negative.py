# A negative constant beside an array of unsigned integers.
import numpy as np
from numba import njit


@njit
def f(a):
    return np.maximum(a, -1)  # error: OverflowError: Python integer -1 out of bounds for uint64


f(np.zeros(2, np.uint64))
