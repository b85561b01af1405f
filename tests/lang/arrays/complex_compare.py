# Complex numbers of NumPy are ordered by real, then by imaginary part.
import numpy as np
from numba import njit


@njit
def compared(a, b):
    return a < b, a <= b, a > b, a >= b


nan = float("nan")
x = np.array([1 + 2j, 1 + 1j, 1 + 1j, 0 + 5j, complex(nan, 1), complex(1, nan), complex(0, nan), 2 + 0j])
y = np.array([1 + 1j, 1 + 2j, 1 + 1j, 1 - 5j, 1 + 0j, complex(1, nan), 1 + 0j, complex(1, nan)])
for c in compared(x, y):
    print(c * 1)
# -> [0 1 0 1 0 0 0 0]
# -> [0 1 1 1 0 0 0 0]
# -> [1 0 0 0 0 0 0 0]
# -> [1 0 1 0 0 0 0 0]
for c in compared(x.astype(np.complex64), y.astype(np.complex64)):
    print(c * 1)
# -> [0 1 0 1 0 0 0 0]
# -> [0 1 1 1 0 0 0 0]
# -> [1 0 0 0 0 0 0 0]
# -> [1 0 1 0 0 0 0 0]
for c in compared(x, 1.0):
    print(c * 1)
# -> [0 0 0 1 0 0 0 0]
# -> [0 0 0 1 0 0 0 0]
# -> [1 1 1 0 0 0 0 1]
# -> [1 1 1 0 0 0 0 1]


@njit
def chosen(a, b):
    return np.maximum(a, b), np.minimum(a, b), np.fmax(a, b), np.fmin(a, b)


for c in chosen(x, y):
    print(c)
# -> [ 1. +2.j  1. +2.j  1. +1.j  1. -5.j nan +1.j  1.+nanj  0.+nanj  1.+nanj]
# -> [ 1. +1.j  1. +1.j  1. +1.j  0. +5.j nan +1.j  1.+nanj  0.+nanj  1.+nanj]
# -> [1. +2.j 1. +2.j 1. +1.j 1. -5.j 1. +0.j 1.+nanj 1. +0.j 2. +0.j]
# -> [1. +1.j 1. +1.j 1. +1.j 0. +5.j 1. +0.j 1.+nanj 1. +0.j 2. +0.j]


@njit
def elements(a):
    z = np.complex128(1 + 1j)
    return a[0] < a[1], a[0] > z, a[1] <= 1, np.maximum(a[0], a[1]), np.less(z, 2j), np.greater_equal(z, z)


for part in elements(x):
    print(part)
# -> False
# -> True
# -> False
# -> (1+2j)
# -> False
# -> True


@njit
def limited(a):
    return np.clip(a, 0.5, 1 + 1j), np.clip(a, None, 1.0), np.maximum.reduce(a[:4]), np.minimum.accumulate(a[:4]), np.maximum.outer(a[:2], a[:2])


for part in limited(x):
    print(part)
# -> [1.  +1.j 1.  +1.j 1.  +1.j 0.5 +0.j nan +1.j 1. +nanj 0. +nanj 1.  +1.j]
# -> [ 1. +0.j  1. +0.j  1. +0.j  0. +5.j nan +1.j  1.+nanj  0.+nanj  1. +0.j]
# -> (1+2j)
# -> [1.+2.j 1.+1.j 1.+1.j 0.+5.j]
# -> [[1.+2.j 1.+2.j]
# ->  [1.+2.j 1.+1.j]]


@njit
def found(a, v):
    s = np.sort(a)
    return np.searchsorted(s, v), np.searchsorted(s, v, side="right"), np.isin(a, v), np.unique(a)


for part in found(x[:4], np.array([1 + 1j, 0j, 3 + 0j])):
    print(part)
# -> [1 0 4]
# -> [3 0 4]
# -> [False  True  True False]
# -> [0.+5.j 1.+1.j 1.+2.j]

print(x[0] < x[1], x[0] >= np.complex64(1), np.maximum(x[0], x[1]))  # -> False True (1+2j)
