import numpy as np
from numba import njit


@njit
def f(n):
    return np.random.randint(n, dtype=np.float64)  # error: Unsupported dtype for randint [bad-argument]


f(3)
