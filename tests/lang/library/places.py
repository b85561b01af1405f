"""unravel_index, ravel_multi_index, choose, apply_along_axis, polyfit, quantiles over several axes, unique parts, complex order, arrays without axes."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def spread(x):
    return x.max() - x.min()


@njit
def powers(x, n):
    return x[:2] ** n


@njit
def places(i):
    return (np.unravel_index(22, (7, 6)), np.unravel_index(i, (7, 6)), np.unravel_index(22, (7, 6), order='F'), np.ravel_multi_index((3, 4), (7, 6)),
            np.ravel_multi_index((i, i), (7, 6), mode='wrap'))


@njit
def chosen(i, a, b):
    return np.choose(i, (a, b, 7)), np.choose(i, (a, 2.5), mode='wrap'), i.choose((b, a), mode='clip')


@njit
def along(m, t):
    return np.apply_along_axis(spread, 0, m), np.apply_along_axis(spread, 1, t), np.apply_along_axis(powers, -1, m, 2), np.apply_along_axis(spread, 0, m[0])


@njit
def fits(x, y):
    return np.polyfit(x, y, 1), np.polyfit(x, y, 2, w=x + 1), np.polyfit(x, np.column_stack((y, 2 * y)), 1)


@njit
def middles(t):
    return (np.median(t, axis=(0, 2)), np.percentile(t, [20, 50], axis=(1, 2)), np.quantile(t, 0.3, axis=(0, 1, 2)), np.quantile(t, 0.5, axis=(0, 1), keepdims=True),
            np.median(t, (0, -1), keepdims=True))


@njit
def rows(m):
    return np.unique(m, axis=0), np.unique(m, axis=1, return_index=True, return_inverse=True, return_counts=True)


@njit
def order(z):
    w = z.copy()
    w.sort()
    return np.sort(z), np.argsort(z), w, np.unique(z)


@njit
def no_axes(a):
    return a.std(), np.cumsum(a), a.cumprod(), np.median(a), np.ptp(a), np.percentile(a, 30), np.unique(a), np.sum(a, keepdims=True), np.allclose(a, a)


@njit
def round_about(x):
    return np.interp(x, [190, -190, 350, -350], [5, 10, 3, 4], period=360)


m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
t = (np.arange(24).reshape(2, 3, 4) * 7 % 17 - 3) * 0.5
x = np.arange(6.0)
show(places(np.array([22, 41, 37])))
# -> 3
# -> 4
# -> int64 (3,) [3, 6, 6]
# -> int64 (3,) [4, 5, 1]
# -> 1
# -> 3
# -> 22
# -> int64 (3,) [10, 41, 13]
show(chosen(np.array([0, 2, 1, 0]), np.array([1, 2, 3, 4]), np.array([10, 20, 30, 40])))
# -> int64 (4,) [1, 7, 30, 4]
# -> float64 (4,) [1.0, 2.0, 2.5, 4.0]
# -> int64 (4,) [10, 2, 3, 40]
show(along(m, t))
# -> float64 (4,) [3.0, 3.0, 3.0, 5.0]
# -> float64 (2, 4) [[5.5, 5.5, 6.0, 5.5], [6.0, 5.5, 6.0, 5.5]]
# -> float64 (3, 2) [[2.25, 4.0], [2.25, 0.25], [1.0, 6.25]]
# -> float64 () 5.0
show(fits(x, x * x - 3))
# -> float64 (2,) [5.0, -6.333333333333]
# -> float64 (3,) [1.0, 0.0, -3.0]
# -> float64 (2, 2) [[5.0, 10.0], [-6.333333333333, -12.666666666667]]
show(middles(t))
# -> float64 (3,) [1.75, 3.0, 1.75]
# -> float64 (2, 2) [[-0.3, 0.1], [2.25, 2.25]]
# -> 0.5
# -> float64 (1, 1, 4) [[[2.25, 1.75, 2.25, 2.75]]]
# -> float64 (1, 3, 1) [[[1.75], [3.0], [1.75]]]
show(rows(np.array([[1, 0, 0], [1, 0, 0], [2, 3, 4]])))
# -> int64 (2, 3) [[1, 0, 0], [2, 3, 4]]
# -> int64 (3, 3) [[0, 0, 1], [0, 0, 1], [3, 4, 2]]
# -> int64 (3,) [1, 2, 0]
# -> int64 (3,) [2, 0, 1]
# -> int64 (3,) [1, 1, 1]
nan = np.nan
show(order(np.array([2 + 1j, 1 + 2j, complex(nan, 1), 1 + 1j, complex(0, nan), complex(nan, nan), 1 + 1j])))
# -> complex128 (7,) [(1+1j), (1+1j), (1+2j), (2+1j), nanj, (nan+1j), (nan+nanj)]
# -> int64 (7,) [3, 6, 1, 0, 4, 2, 5]
# -> complex128 (7,) [(1+1j), (1+1j), (1+2j), (2+1j), nanj, (nan+1j), (nan+nanj)]
# -> complex128 (4,) [(1+1j), (1+2j), (2+1j), (nan+1j)]
show(no_axes(np.array(2.5)))
# -> 0.0
# -> float64 (1,) [2.5]
# -> float64 (1,) [2.5]
# -> 2.5
# -> 0.0
# -> 2.5
# -> float64 (1,) [2.5]
# -> 2.5
# -> True
show(round_about(np.array([-180.0, -170, -185, 185, -10, -5, 0, 365])))  # -> float64 (8,) [7.5, 5.0, 8.75, 6.25, 3.0, 3.25, 3.5, 3.75]
