import numpy as np
from numba import njit


@njit
def f(scale):
    return np.random.normal(0.0, scale)  # error: ValueError: scale < 0


f(-1.0)
