# Along an axis without elements there is no position.
import numpy as np
from numba import njit


@njit
def f(a):
    return np.argmax(a, axis=0)  # error: ValueError: attempt to get argmax of an empty sequence


f(np.zeros((0, 3)))
