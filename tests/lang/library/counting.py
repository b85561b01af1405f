"""histogram of edges, positions that keep their axes, a number that becomes an array."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(x, y, m):
    return np.histogram(x, 3), np.histogram(x, np.array([0.0, 1.0, 2.5, 8.0])), np.histogram(x, 3, density=True), np.histogram(m, [-1, 0, 1]), np.histogram(x, [0, 2, 4], weights=y)


@njit
def case_2(m):
    return np.argmin(m), np.argmax(m, axis=0), np.argmax(m, axis=0, keepdims=True), np.argmin(m, axis=-1, keepdims=True), np.argmax(m, keepdims=True)


@njit
def case_3(i, e):
    return np.histogram(i, 4), np.histogram(i), np.histogram(e, [0.0, 1.0])


@njit
def case_4(x, n):
    z = 1.5
    z += x
    q = 2
    q *= n
    return z, q


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
y = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
i = np.array([5, 2, 8, 2, 5, 1, 9])
e = np.zeros(0)
show(case_1(x, y, m))
# -> int64 (3,) [2, 2, 1]
# -> float64 (4,) [-1.5, 1.333333333333, 4.166666666667, 7.0]
# -> int64 (3,) [1, 1, 2]
# -> float64 (4,) [0.0, 1.0, 2.5, 8.0]
# -> float64 (3,) [0.141176470588, 0.141176470588, 0.070588235294]
# -> float64 (4,) [-1.5, 1.333333333333, 4.166666666667, 7.0]
# -> int64 (2,) [2, 3]
# -> int64 (3,) [-1, 0, 1]
# -> float64 (2,) [16.0, 5.0]
# -> int64 (3,) [0, 2, 4]
show(case_2(m))
# -> 0
# -> int64 (4,) [1, 2, 1, 0]
# -> int64 (1, 4) [[1, 2, 1, 0]]
# -> int64 (3, 1) [[0], [1], [3]]
# -> int64 (1, 1) [[3]]
show(case_3(i, e))
# -> int64 (4,) [3, 0, 2, 2]
# -> float64 (5,) [1.0, 3.0, 5.0, 7.0, 9.0]
# -> int64 (10,) [1, 2, 0, 0, 0, 2, 0, 0, 1, 1]
# -> float64 (11,) [1.0, 1.8, 2.6, 3.4, 4.2, 5.0, 5.8, 6.6, 7.4, 8.2, 9.0]
# -> int64 (1,) [0]
# -> float64 (2,) [0.0, 1.0]
show(case_4(x, n))
# -> float64 (5,) [4.5, 0.0, 3.75, 8.5, 2.0]
# -> int64 (3, 4) [[-8, 2, 12, -4], [6, 16, 0, 10], [-6, 4, 14, -2]]
show((np.linspace(0, 10, 4, retstep=True), np.identity(3, np.int32), np.histogram(x, [0, 2, 4])))
# -> float64 (4,) [0.0, 3.333333333333, 6.666666666667, 10.0]
# -> 3.333333333333
# -> int32 (3, 3) [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
# -> int64 (2,) [1, 2]
# -> int64 (3,) [0, 2, 4]
