import numpy as np
from numba import njit


@njit
def f(x, y, z):
    x = x + y  # error: ValueError: operands could not be broadcast together with shapes (2,3) (3,2)
    return x


f(np.ones((2, 3)), np.ones((3, 2)), np.ones((4, 2, 3)))
