"""isin and set operations."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(x, m, n, i):
    return np.isin(i, [2, 5]), np.isin(m, x), np.isin(n, [1, 2], invert=True), np.isin(3, i), np.union1d(i, [3, 2]), np.intersect1d(i, [5, 1, 4]), np.setdiff1d(i, [5]), np.setxor1d(i, [5, 100])


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
i = np.array([5, 2, 8, 2, 5, 1, 9])
show(case_1(x, m, n, i))
# -> bool (7,) [True, True, False, True, True, False, False]
# -> bool (3, 4) [[True, False, False, False], [False, False, True, False], [False, False, True, True]]
# -> bool (3, 4) [[True, False, True, True], [True, True, True, True], [True, False, True, True]]
# -> bool () False
# -> int64 (6,) [1, 2, 3, 5, 8, 9]
# -> int64 (2,) [1, 5]
# -> int64 (4,) [1, 2, 8, 9]
# -> int64 (5,) [1, 2, 8, 9, 100]
show((np.isin([1, 2], [2]), np.union1d([1], [2, 1])))
# -> bool (2,) [False, True]
# -> int64 (2,) [1, 2]
