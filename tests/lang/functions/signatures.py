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


@njit(["f4(f4)", "c16(c16)"])
def lossless(x):
    return x + x


@njit(["f4(f4)", "f8(f8)"])
def floats(x):
    return x + 1


@njit
def both(i):
    return lossless(i), floats(i)


print(lossless(16777217).real)  # kjit -> 33554434.0
# cpython -> 33554434
print(both(16777217)[0].real, both(16777217)[1])  # kjit -> 33554434.0 16777218.0
# cpython -> 33554434 16777218
