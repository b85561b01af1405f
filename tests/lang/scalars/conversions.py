# Conversions between scalars, weak and strong.
import numpy as np
from numba import njit


@njit
def casts(x):
    return int(x), float(x), bool(x), np.int32(x), np.float32(x), np.uint8(x)


@njit
def wrap(x):
    return np.int8(x), np.uint8(x), np.int16(x), np.uint16(x)


@njit
def dtypes(a):
    b = np.empty(4, a.dtype)
    b[0] = a[0] + a[1]
    b[1] = a[0] * 2
    b[2] = a[0] / 2
    b[3] = -a[0]
    return b


print(casts(3.7))  # kjit -> (3, 3.7, True, 3, 3.700000047683716, 3)
# cpython -> (3, 3.7, True, 3, 3.7, 3)
print(dtypes(np.array([5, 6], dtype=np.int32)))  # -> [11 10  2 -5]
print(dtypes(np.array([1.5, 2.5], dtype=np.float32)))  # -> [ 4.    3.    0.75 -1.5 ]
