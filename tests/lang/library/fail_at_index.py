import numpy as np
from numba import njit


@njit
def f(a, i):
    np.add.at(a, i, 1)  # error: IndexError: index 7 is out of bounds for axis 0 with size 3


f(np.zeros(3), np.array([0, 7]))
