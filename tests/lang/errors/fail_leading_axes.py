# Leading axes that are longer than 1 do not go away.
import numpy as np
from numba import njit


@njit
def f(a, m):
    a[:] = m  # error: ValueError: could not broadcast input array from shape (2,3) into shape (3,)


f(np.zeros(3), np.zeros((2, 3)))
