import numpy as np
from numba import njit


@njit
def f(a):
    return np.fmax.reduce(a)  # error: ValueError: zero-size array to reduction operation which has no identity


f(np.ones(0))
