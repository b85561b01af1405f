# A constant that does not fit the integer type it is converted to.
import numpy as np
from numba import njit


@njit
def f():
    return np.int8(300)  # error: OverflowError: Python integer 300 out of bounds for int8


f()
