import numpy as np
from numba import njit


@njit
def f(n):
    return np.random.default_rng(1).integers(n, 3)  # error: ValueError: low >= high


f(3)
