# What stays in kernels is not returned to scripts; two errors from one cause are one.
import numpy as np
from numba import njit


@njit
def helper(x):
    return x


@njit
def pick():
    return helper


@njit
def uses_pick(x):
    return pick()(x)


@njit
def pair(a):
    return 1, a.flat  # error: flat iterator of array(float64, 1d, C) cannot be returned to a script: iterators, ranges and slices stay in kernels [bad-return]


print(uses_pick(3))
print(pair(np.zeros(2)))
