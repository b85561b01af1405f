# Arrays in a list that do not make one array.
import numpy as np
from numba import njit


@njit
def pair(v, w):
    return np.array([v, w])  # error: ValueError: arrays of length 2 and 3 along axis 1 do not make one array


pair(np.zeros(2), np.zeros(3))
