"""logspace, vander, windows, indices of triangles, array_equal, average."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(x, m, i):
    return np.logspace(0, 2, 5), np.logspace(0, 3, 4, base=2.0), np.geomspace(1, 1000, 4), np.vander(x, 3), np.vander(i, increasing=True, N=3), np.polyval([1, 2, 3], 2.0), np.polyval(x, m)


@njit
def case_2():
    return np.bartlett(5), np.blackman(4), np.hamming(5), np.hanning(1)


@njit
def case_3(m):
    return np.tril_indices(3), np.triu_indices(3, 1), np.diag_indices(3), np.diagflat(m[:2, :2])


@njit
def case_4(x, y, w, m):
    return np.array_equal(x, x), np.array_equal(x, y), np.array_equal(w, w, equal_nan=True), np.allclose(x, x + 1e-9), np.allclose(x, y), np.array_equal(x, m)


@njit
def case_5(x, y, m, n):
    return np.average(x), np.average(x, weights=y), np.average(m, axis=0), np.average(m, axis=1, weights=np.array([1.0, 2, 3, 4])), np.average(m, weights=n)


@njit
def case_6(x, m):
    return np.partition(x, 2)[2], np.argpartition(x, 2)[2], np.partition(m, 1, axis=0)[1]


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
y = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
w = np.array([3.0, np.nan, 1.0, -2.0, np.nan, 7.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
i = np.array([5, 2, 8, 2, 5, 1, 9])
show(case_1(x, m, i))
# -> float64 (5,) [1.0, 3.162277660168, 10.0, 31.622776601684, 100.0]
# -> float64 (4,) [1.0, 2.0, 4.0, 8.0]
# -> float64 (4,) [1.0, 10.0, 100.0, 1000.0]
# -> float64 (5, 3) [[9.0, 3.0, 1.0], [2.25, -1.5, 1.0], [5.0625, 2.25, 1.0], [49.0, 7.0, 1.0], [0.25, 0.5, 1.0]]
# -> int64 (7, 3) [[1, 5, 25], [1, 2, 4], [1, 8, 64], [1, 2, 4], [1, 5, 25], [1, 1, 1], [1, 9, 81]]
# -> 11.0
# -> float64 (3, 4) [[15.3125, 59.5, 0.5, 438.4375], [26.1875, -2.0625, 244.25, 11.25], [0.25, 125.8125, 4.5625, 15.3125]]
show(case_2())
# -> float64 (5,) [0.0, 0.5, 1.0, 0.5, 0.0]
# -> float64 (4,) [0.0, 0.63, 0.63, 0.0]
# -> float64 (5,) [0.08, 0.54, 1.0, 0.54, 0.08]
# -> float64 (1,) [1.0]
show(case_3(m))
# -> int64 (6,) [0, 1, 1, 2, 2, 2]
# -> int64 (6,) [0, 0, 1, 0, 1, 2]
# -> int64 (3,) [0, 0, 1]
# -> int64 (3,) [1, 2, 2]
# -> int64 (3,) [0, 1, 2]
# -> int64 (3,) [0, 1, 2]
# -> float64 (4, 4) [[-1.5, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 0.0], [0.0, 0.0, 1.5, 0.0], [0.0, 0.0, 0.0, -0.5]]
show(case_4(x, y, w, m))
# -> True
# -> False
# -> True
# -> True
# -> False
# -> False
show(case_5(x, y, m, n))
# -> 2.25
# -> 2.354838709677
# -> float64 (4,) [-0.333333333333, 1.333333333333, 1.166666666667, 1.0]
# -> float64 (3,) [1.65, 1.35, -0.05]
# -> 0.886363636364
show(case_6(x, m))
# -> 2.25
# -> 2
# -> float64 (4,) [-1.0, 2.0, 0.5, 1.0]
show((np.logspace(0, 1, 3), np.array_equal(x, x), np.average(x, weights=y), np.polyval([1, 2], 3), np.hamming(4)))
# -> float64 (3,) [1.0, 3.162277660168, 10.0]
# -> True
# -> 2.354838709677
# -> 5
# -> float64 (4,) [0.08, 0.77, 0.77, 0.08]
