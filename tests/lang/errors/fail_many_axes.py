# A function that calls itself with ever more axes ends where NumPy's arrays do.
import numpy as np
from numba import njit


@njit
def deeper(x):
    if x.size > 100:
        return 0
    return deeper(x[None])  # error: number of dimensions must be within [0, 64], indexing result would have 65 [bad-index]


print(deeper(np.ones(2)))
