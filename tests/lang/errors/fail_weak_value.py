# A number of the script that does not fit the elements of the array beside it.
import numpy as np
from numba import njit


@njit
def f(a, n):
    return a * n  # error: OverflowError: Python integer 40000 out of bounds for int16


f(np.zeros(2, np.int16), 40000)
