"""Functions that pick, put, drop and split elements."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(n):
    z = n.copy()
    np.put(z, [0, -1], [7, 8])
    np.fill_diagonal(z, -5)
    return z


@njit
def case_2(x, m):
    return np.extract(x > 1, x), np.compress([True, False, True], x[:3]), np.compress(np.array([True, False, True]), m, axis=0), np.select([x > 3, x > 1], [x, x * 2], 9.0)


@njit
def case_3(x, m, n):
    return np.append(x, 5), np.append(x, [1, 2]), np.append(m, n, axis=0), np.delete(x, 1), np.delete(x, [0, -1]), np.delete(m, 1, axis=0), np.insert(x, 1, 9.0), np.insert(m, 0, 5, axis=1), np.insert(x, -1, [1, 2])


@njit
def case_4(m):
    return np.take_along_axis(m, np.argsort(m, axis=0), axis=0), np.take_along_axis(m, np.argsort(m), -1), np.trim_zeros(np.array([0, 0, 1, 0, 2, 0]))


@njit
def case_5(x, m):
    return np.split(x[:4], 2)[1], np.array_split(x, 3)[2], np.array_split(x, 3)[0], np.split(x, (1, 3))[1], np.hsplit(m, 2)[1], np.vsplit(m, 3)[2], np.array_split(m, 2, axis=1)[0], len(np.array_split(x, 4))


@njit
def case_6(m, n):
    z = m.copy()
    np.place(z, z > 1, [9, 8])
    np.putmask(z, z < 0, n)
    return z


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
show(case_1(n))  # -> int64 (3, 4) [[-5, 1, 6, -2], [3, -5, 0, 5], [-3, 2, -5, 8]]
show(case_2(x, m))
# -> float64 (3,) [3.0, 2.25, 7.0]
# -> float64 (2,) [3.0, 2.25]
# -> float64 (2, 4) [[-1.5, 2.0, 0.0, 3.5], [-1.0, 2.5, 0.5, -1.5]]
# -> float64 (5,) [6.0, 9.0, 4.5, 7.0, 9.0]
show(case_3(x, m, n))
# -> float64 (6,) [3.0, -1.5, 2.25, 7.0, 0.5, 5.0]
# -> float64 (7,) [3.0, -1.5, 2.25, 7.0, 0.5, 1.0, 2.0]
# -> float64 (6, 4) [[-1.5, 2.0, 0.0, 3.5], [1.5, -0.5, 3.0, 1.0], [-1.0, 2.5, 0.5, -1.5], [-4.0, 1.0, 6.0, -2.0], [3.0, 8.0, 0.0, 5.0], [-3.0, 2.0, 7.0, -1.0]]
# -> float64 (4,) [3.0, 2.25, 7.0, 0.5]
# -> float64 (3,) [-1.5, 2.25, 7.0]
# -> float64 (2, 4) [[-1.5, 2.0, 0.0, 3.5], [-1.0, 2.5, 0.5, -1.5]]
# -> float64 (6,) [3.0, 9.0, -1.5, 2.25, 7.0, 0.5]
# -> float64 (3, 5) [[5.0, -1.5, 2.0, 0.0, 3.5], [5.0, 1.5, -0.5, 3.0, 1.0], [5.0, -1.0, 2.5, 0.5, -1.5]]
# -> float64 (7,) [3.0, -1.5, 2.25, 7.0, 1.0, 2.0, 0.5]
show(case_4(m))
# -> float64 (3, 4) [[-1.5, -0.5, 0.0, -1.5], [-1.0, 2.0, 0.5, 1.0], [1.5, 2.5, 3.0, 3.5]]
# -> float64 (3, 4) [[-1.5, 0.0, 2.0, 3.5], [-0.5, 1.0, 1.5, 3.0], [-1.5, -1.0, 0.5, 2.5]]
# -> int64 (3,) [1, 0, 2]
show(case_5(x, m))
# -> float64 (2,) [2.25, 7.0]
# -> float64 (1,) [0.5]
# -> float64 (2,) [3.0, -1.5]
# -> float64 (2,) [-1.5, 2.25]
# -> float64 (3, 2) [[0.0, 3.5], [3.0, 1.0], [0.5, -1.5]]
# -> float64 (1, 4) [[-1.0, 2.5, 0.5, -1.5]]
# -> float64 (3, 2) [[-1.5, 2.0], [1.5, -0.5], [-1.0, 2.5]]
# -> 4
show(case_6(m, n))  # -> float64 (3, 4) [[-4.0, 9.0, 0.0, 8.0], [9.0, 8.0, 8.0, 1.0], [-3.0, 9.0, 0.5, -1.0]]
show((np.append(x, [1, 2]), np.delete(x, 0), np.insert(x, 1, 2.0), np.select([x > 3, x > 1], [x, x * 2], 0)))
# -> float64 (7,) [3.0, -1.5, 2.25, 7.0, 0.5, 1.0, 2.0]
# -> float64 (4,) [-1.5, 2.25, 7.0, 0.5]
# -> float64 (6,) [3.0, 2.0, -1.5, 2.25, 7.0, 0.5]
# -> float64 (5,) [6.0, 0.0, 4.5, 7.0, 0.0]
