# Explicit signatures: strings, objects, lists; conversion of arguments and results.
import numpy as np
import numba as nb
from numba import njit, jit, float64, int64, void


@njit("f8(f8[:], i8)")
def pick(a, i):
    return a[i] * 2


@nb.jit(nb.float64(nb.float64[:, ::1]), nopython=True, fastmath={"nnan", "contract"})
def corner(a):
    return a[0, 0] + a[-1, -1]


@jit(void(float64[:]), nopython=True, cache=True, nogil=True)
def clear(a):
    for i in range(a.size):
        a[i] = 0


@njit([int64(int64, int64), float64(float64, float64)])
def mean(a, b):
    return (a + b) / 2 if a > b else a


a = np.arange(4.0)
print(pick(a, 3), corner(a.reshape(2, 2)))  # -> 6.0 3.0
clear(a)
print(a)  # -> [0. 0. 0. 0.]
print(mean(1.5, 0.5))  # -> 1.0
