# Tuples: heterogeneous, nested, unpacked, indexed, compared, returned, passed.
import numpy as np
from numba import njit


@njit
def build(a, b):
    t = (a, b, (a + 1, 2.5), True)
    (x, y, (z, w), flag) = t
    return t, x + z, w, t[-1], t[2][0], len(t), flag


@njit
def dynamic(t, i):
    return t[i]


@njit
def total(t):
    s = 0
    for v in t:
        s += v
    return s, t[1:], t + (9,), t == (1, 2, 3), min(t), max(t), sum(t)


@njit
def swap(pair):
    a, b = pair
    return b, a


@njit
def arrays(t):
    x, y = t
    x[0] = y[1]
    return t[0][0]


@njit
def head(t):
    first, *rest = t
    return first, rest


print(build(1, 2.0))  # -> ((1, 2.0, (2, 2.5), True), 3, 2.5, True, 2, 4, True)
print(dynamic((5, 6, 7), 1), dynamic((5, 6, 7), -1))  # -> 6 7
print(total((1, 2, 3)))  # -> (6, (2, 3), (1, 2, 3, 9), True, 1, 3, 6)
print(swap((1, 2.5)), swap(((1, 2), 3)))  # -> (2.5, 1) (3, (1, 2))
print(arrays((np.zeros(2), np.ones(2))))  # -> 1.0
