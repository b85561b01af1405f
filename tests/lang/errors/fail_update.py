"""In place, what an operator gives has to fit into the array."""
import numpy as np
from numba import njit


@njit
def updates(a, u, s):
    a /= 2  # error: the result of '/=' is float64 and does not go into an array of int64
    a[1:] += 1.5  # error: the result of '+=' is float64 and does not go into an array of int64
    u -= s  # error: the result of '-=' is int16 and does not go into an array of uint8
    a //= 2


updates(np.arange(3), np.ones(2, dtype=np.uint8), np.ones(2, dtype=np.int8))
