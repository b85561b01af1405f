# A constant that does not fit the elements of the array beside it.
import numpy as np
from numba import njit


@njit
def f(a):
    return a + 300  # error: OverflowError: Python integer 300 out of bounds for uint8


f(np.zeros(2, np.uint8))
