"""A temporary is computed after a store only where the store cannot change what it is made of."""
import numpy as np
from numba import njit


@njit
def columns(a, n):
    c = np.empty((n, 3))
    d = np.empty((n, 3))
    for k in range(3):
        t = a[:, k] * 2.0
        c[:, k] = t
        u = 1.0 - c[:, k]
        d[:, k] = c[:, k] + u
        w = c[:, k] * 10.0
        c[:, k] = c[:, k] + 1.0
        d[:, k] = d[:, k] + u + w
    return c, d


@njit
def two_names(a, b):
    t = a * 2.0
    b[:] = 7.0
    return t + 1.0


@njit
def through_a_view(n):
    c = np.arange(n) * 1.0
    v = c[1:]
    t = c * 2.0
    v[:] = -1.0
    return t + c


@njit
def last_round(n):
    c = np.zeros(n)
    s = 0.0
    for i in range(3):
        d = np.ones(n) * i
        t = d * 2.0
        c[:] = 5.0 + i  # d of the round before
        s += np.sum(t + 1.0) + np.sum(c)
        c = d
    return s, c


@njit
def own_result(a):
    t = a + 1.0
    u = t * 2.0
    t[0] = 100.0
    return u + t


c, d = columns(np.arange(6.0).reshape(2, 3), 2)
print(c.tolist(), d.tolist())  # -> [[1.0, 3.0, 5.0], [7.0, 9.0, 11.0]] [[2.0, 20.0, 38.0], [56.0, 74.0, 92.0]]
x = np.arange(3.0)
print(two_names(x, x).tolist(), x.tolist(), two_names(x, np.zeros(3)).tolist())  # -> [1.0, 3.0, 5.0] [7.0, 7.0, 7.0] [15.0, 15.0, 15.0]
print(through_a_view(4).tolist(), last_round(2)[0], last_round(2)[1].tolist(), own_result(np.zeros(2)).tolist())
# -> [0.0, 1.0, 3.0, 5.0] 54.0 [2.0, 2.0] [102.0, 3.0]
