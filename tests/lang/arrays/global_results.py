# A global array that a kernel returns is a copy: globals are frozen.
import numpy as np
from numba import njit

TABLE = np.arange(6.0).reshape(2, 3)
COLUMNS = np.asfortranarray(TABLE)
PAIR = (np.arange(3), 2)
WORDS = np.array([1 + 2j, 3 - 1j])


@njit
def whole():
    return TABLE


@njit
def inner(a):
    return a


@njit
def parts(i):
    t = TABLE
    return t[i], inner(TABLE)[:, 1], COLUMNS, WORDS.imag, TABLE.T


@njit
def either(a, flag):
    if flag:
        r = a
    else:
        r = TABLE
    return r


@njit
def maybe(flag):
    if flag:
        return TABLE


@njit
def in_tuple():
    return PAIR


@njit
def used(a):
    return whole()[1, 2] + either(a, False)[0, 1]


print(whole())
# -> [[0. 1. 2.]
# ->  [3. 4. 5.]]
for a in parts(1):
    print(a.sum(), a.shape)
# -> 12.0 (3,)
# -> 5.0 (2,)
# -> 15.0 (2, 3)
# -> 1.0 (2,)
# -> 15.0 (3, 2)
b = np.ones((1, 2))
print(either(b, True).sum(), either(b, False).sum(), used(b))  # -> 2.0 15.0 6.0
print(maybe(True).sum(), maybe(False))  # -> 15.0 None
print(in_tuple()[0].sum(), in_tuple()[1])  # -> 3 2
