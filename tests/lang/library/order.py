"""Sorting along axes, searching, different elements, counting."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(x, m, mn, t, b, u, mf, ms):
    return np.sort(mf, axis=0), np.sort(ms, axis=0), np.sort(u), np.sort(b), np.sort(t, axis=1), np.sort(mn), np.sort(m, axis=None), np.sort(x, kind='stable')


@njit
def case_2(x, m, mn, i, e):
    return np.argsort(m, axis=0), np.argsort(i, kind='stable'), x.argsort(), np.argsort(mn, axis=0), np.argsort((3, 1, 2)), np.sort(e)


@njit
def case_3(m):
    z = m.copy()
    z.sort(axis=0)
    q = m.copy()
    q.sort()
    return z, q


@njit
def case_4(x, y, i):
    return np.searchsorted(np.sort(x), y), np.searchsorted(np.sort(x), 2.25), np.searchsorted(np.sort(x), 2.25, side='right'), np.searchsorted(i, 5, sorter=np.argsort(i))


@njit
def case_5(w, m, i, e):
    return np.searchsorted(np.sort(w), np.nan), np.searchsorted([1, 2, 3], [2.5, 0]), np.searchsorted(e, 1.0), np.searchsorted(np.sort(i), m), np.sort(i).searchsorted(5)


@njit
def case_6(x, y, m):
    return np.digitize(x, np.array([0.0, 1.0, 2.5])), np.digitize(x, np.array([2.5, 1.0, 0.0]), right=True), np.digitize(2.5, y), np.digitize(m, [0, 1])


@njit
def case_7(x, w, m, b, i, u, e):
    return np.unique(i), np.unique(x), np.unique(m), np.unique(w), np.unique(e), np.unique([3, 1, 3]), np.unique(b), np.unique(u)


@njit
def case_8(n, mn, i):
    return np.unique(i, return_index=True, return_inverse=True, return_counts=True), np.unique(mn, return_counts=True), np.unique(n, return_inverse=True)


@njit
def case_9(x, i, u):
    return np.bincount(i), np.bincount(i, minlength=12), np.bincount(i[:3], weights=x[:3]), np.bincount(u[1:2]), np.bincount(i[:0]), np.bincount([1, 1, 4], [0.5, 1.5, 2.0])


@njit
def case_10(x, m, t):
    return np.argwhere(m > 0), np.argwhere(x > 100), np.argwhere(t == 7)


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
y = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
w = np.array([3.0, np.nan, 1.0, -2.0, np.nan, 7.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
mn = np.where(n % 3 == 0, np.nan, m)
t = np.arange(24).reshape(2, 3, 4) * 7 % 23
b = n > 1
i = np.array([5, 2, 8, 2, 5, 1, 9])
u = np.array([200, 3, 77, 3], dtype=np.uint8)
e = np.zeros(0)
mf = np.asfortranarray(m)
ms = m[::-1, ::2]
show(case_1(x, m, mn, t, b, u, mf, ms))
# -> float64 (3, 4) [[-1.5, -0.5, 0.0, -1.5], [-1.0, 2.0, 0.5, 1.0], [1.5, 2.5, 3.0, 3.5]]
# -> float64 (3, 2) [[-1.5, 0.0], [-1.0, 0.5], [1.5, 3.0]]
# -> uint8 (4,) [3, 3, 77, 200]
# -> bool (3, 4) [[False, False, False, True], [False, True, True, True], [False, False, True, True]]
# -> int64 (2, 3, 4) [[[0, 7, 1, 3], [5, 12, 14, 8], [10, 17, 19, 21]], [[2, 4, 6, 0], [15, 9, 11, 13], [20, 22, 16, 18]]]
# -> float64 (3, 4) [[-1.5, 2.0, 3.5, nan], [-0.5, 1.0, nan, nan], [-1.5, 0.5, 2.5, nan]]
# -> float64 (12,) [-1.5, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
# -> float64 (5,) [-1.5, 0.5, 2.25, 3.0, 7.0]
show(case_2(x, m, mn, i, e))
# -> int64 (3, 4) [[0, 1, 0, 2], [2, 0, 2, 1], [1, 2, 1, 0]]
# -> int64 (7,) [5, 1, 3, 0, 4, 2, 6]
# -> int64 (5,) [1, 4, 2, 0, 3]
# -> int64 (3, 4) [[0, 1, 2, 2], [1, 0, 0, 1], [2, 2, 1, 0]]
# -> int64 (3,) [1, 2, 0]
# -> float64 (0,) []
show(case_3(m))
# -> float64 (3, 4) [[-1.5, -0.5, 0.0, -1.5], [-1.0, 2.0, 0.5, 1.0], [1.5, 2.5, 3.0, 3.5]]
# -> float64 (3, 4) [[-1.5, 0.0, 2.0, 3.5], [-0.5, 1.0, 1.5, 3.0], [-1.5, -1.0, 0.5, 2.5]]
show(case_4(x, y, i))
# -> int64 (5,) [2, 2, 4, 5, 5]
# -> 2
# -> 3
# -> 3
show(case_5(w, m, i, e))
# -> 4
# -> int64 (2,) [2, 0]
# -> 0
# -> int64 (3, 4) [[0, 1, 0, 3], [1, 0, 3, 0], [0, 3, 0, 0]]
# -> 3
show(case_6(x, y, m))
# -> int64 (5,) [3, 0, 2, 3, 1]
# -> int64 (5,) [0, 3, 1, 0, 2]
# -> 2
# -> int64 (3, 4) [[0, 2, 1, 2], [2, 0, 2, 2], [0, 2, 1, 0]]
show(case_7(x, w, m, b, i, u, e))
# -> int64 (5,) [1, 2, 5, 8, 9]
# -> float64 (5,) [-1.5, 0.5, 2.25, 3.0, 7.0]
# -> float64 (11,) [-1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
# -> float64 (5,) [-2.0, 1.0, 3.0, 7.0, nan]
# -> float64 (0,) []
# -> int64 (2,) [1, 3]
# -> bool (2,) [False, True]
# -> uint8 (3,) [3, 77, 200]
show(case_8(n, mn, i))
# -> int64 (5,) [1, 2, 5, 8, 9]
# -> int64 (5,) [5, 1, 0, 2, 6]
# -> int64 (7,) [2, 1, 3, 1, 2, 0, 4]
# -> int64 (5,) [1, 2, 2, 1, 1]
# -> float64 (8,) [-1.5, -0.5, 0.5, 1.0, 2.0, 2.5, 3.5, nan]
# -> int64 (8,) [2, 1, 1, 1, 1, 1, 1, 4]
# -> int64 (12,) [-4, -3, -2, -1, 0, 1, 2, 3, 5, 6, 7, 8]
# -> int64 (3, 4) [[0, 5, 9, 2], [7, 11, 4, 8], [1, 6, 10, 3]]
show(case_9(x, i, u))
# -> int64 (10,) [0, 1, 2, 0, 0, 2, 0, 0, 1, 1]
# -> int64 (12,) [0, 1, 2, 0, 0, 2, 0, 0, 1, 1, 0, 0]
# -> float64 (9,) [0.0, 0.0, -1.5, 0.0, 0.0, 3.0, 0.0, 0.0, 2.25]
# -> int64 (4,) [0, 0, 0, 1]
# -> int64 (0,) []
# -> float64 (5,) [0.0, 2.0, 0.0, 0.0, 2.0]
show(case_10(x, m, t))
# -> int64 (7, 2) [[0, 1], [0, 3], [1, 0], [1, 2], [1, 3], [2, 1], [2, 2]]
# -> int64 (0, 1) []
# -> int64 (1, 3) [[0, 0, 1]]
show((np.sort(m, axis=0), np.argsort(m, 0), np.unique(i, return_counts=True), np.bincount(i, minlength=3), np.searchsorted([1, 2, 3], 2, side='right')))
# -> float64 (3, 4) [[-1.5, -0.5, 0.0, -1.5], [-1.0, 2.0, 0.5, 1.0], [1.5, 2.5, 3.0, 3.5]]
# -> int64 (3, 4) [[0, 1, 0, 2], [2, 0, 2, 1], [1, 2, 1, 0]]
# -> int64 (5,) [1, 2, 5, 8, 9]
# -> int64 (5,) [1, 2, 2, 1, 1]
# -> int64 (10,) [0, 1, 2, 0, 0, 2, 0, 0, 1, 1]
# -> 2
