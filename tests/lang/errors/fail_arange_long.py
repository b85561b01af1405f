import numpy as np
from numba import njit


@njit
def f(a):
    return np.arange(0.0, np.inf)  # error: ValueError: Maximum allowed size exceeded


f(np.arange(8.0))
