"""Methods of functions of two numbers: outer, reduce, accumulate, reduceat, at."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def outer(a, b):
    return np.add.outer(a, b), np.multiply.outer(a, 3), np.less.outer(a, b.reshape(2, 2)), np.subtract.outer(2, 3.5)


@njit
def reduce(m, i):
    return (np.add.reduce(m), np.add.reduce(m, axis=1), np.maximum.reduce(m, axis=None), np.logical_and.reduce(m), np.subtract.reduce(m, axis=-1),
            np.bitwise_xor.reduce(i, axis=None), np.multiply.reduce(m, axis=(0, 1)), np.add.reduce(m, 0, initial=5), np.fmax.reduce(m, axis=None, keepdims=True),
            np.logical_xor.reduce(i), np.hypot.reduce(m, axis=(0, 1)), np.divide.reduce(i[1:, 1]), np.maximum.reduce(m[:0], initial=-1.0))


@njit
def accumulate(m, i):
    return (np.add.accumulate(m), np.maximum.accumulate(m, axis=1), np.multiply.accumulate(i, 1), np.logical_or.accumulate(i, axis=1),
            np.add.reduceat(m, [0, 2, 1], axis=1))


@njit
def scatter(a, i, v, m):
    np.add.at(a, i, v)
    np.maximum.at(a, 2, 50)
    np.multiply.at(m, (i[:3], 1), 2)
    np.add.at(m, np.array([0, 0, 1]), m[0])
    np.subtract.at(m, m > 5, 100)
    np.add.at(m, (np.array([0, 0, 1]), np.array([1, 1, 2])), np.array([1.0, 2, 3]))
    return a, m


@njit
def handed_on(f, a):
    return f.outer(a, a), f.reduce(a)


@njit
def by_name(a):
    return handed_on(np.minimum, a)


@njit
def into(m, out):
    np.add.reduce(m, 0, out=out)
    return out


@njit
def shortest(path):
    for k in range(path.shape[0]):
        path[:] = np.minimum(path[:], np.add.outer(path[:, k], path[k, :]))
    return path


a = np.array([3.0, -1.5, 2.25])
b = np.array([1.0, 2.0, 4.0, 8.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
i = np.array([[1, 2, 2], [0, 1, 2], [2, 2, 1]])
show(outer(a, b))
# -> float64 (3, 4) [[4.0, 5.0, 7.0, 11.0], [-0.5, 0.5, 2.5, 6.5], [3.25, 4.25, 6.25, 10.25]]
# -> float64 (3,) [9.0, -4.5, 6.75]
# -> bool (3, 2, 2) [[[False, False], [True, True]], [[True, True], [True, True]], [[False, False], [True, True]]]
# -> -1.5
show(reduce(m, i))
# -> float64 (4,) [-1.0, 4.0, 3.5, 3.0]
# -> float64 (3,) [4.0, 5.0, 0.5]
# -> 3.5
# -> bool (4,) [True, True, False, True]
# -> float64 (3,) [-7.0, -2.0, -2.5]
# -> 3
# -> 0.0
# -> float64 (4,) [4.0, 9.0, 8.5, 8.0]
# -> float64 (1, 1) [[3.5]]
# -> bool (3,) [False, True, True]
# -> 6.383572667402
# -> 0.5
# -> float64 (4,) [-1.0, -1.0, -1.0, -1.0]
show(accumulate(m, i))
# -> float64 (3, 4) [[-1.5, 2.0, 0.0, 3.5], [0.0, 1.5, 3.0, 4.5], [-1.0, 4.0, 3.5, 3.0]]
# -> float64 (3, 4) [[-1.5, 2.0, 2.0, 3.5], [1.5, 1.5, 3.0, 3.0], [-1.0, 2.5, 2.5, 2.5]]
# -> int64 (3, 3) [[1, 2, 4], [0, 0, 0], [2, 4, 4]]
# -> bool (3, 3) [[True, True, True], [False, True, True], [True, True, True]]
# -> float64 (3, 3) [[0.5, 0.0, 5.5], [1.0, 3.0, 3.5], [1.5, 0.5, 1.5]]
show(scatter(a.copy(), np.array([0, 2, -1, 0]), b, m.copy()))
# -> float64 (3,) [12.0, -1.5, 50.0]
# -> float64 (3, 4) [[-4.5, -85.0, 0.0, -89.5], [0.0, 3.5, 6.0, 4.5], [-1.0, -90.0, 0.5, -1.5]]
show(by_name(a))
# -> float64 (3, 3) [[3.0, -1.5, 2.25], [-1.5, -1.5, -1.5], [2.25, -1.5, 2.25]]
# -> -1.5
show(into(m, np.zeros(4)))  # -> float64 (4,) [-1.0, 4.0, 3.5, 3.0]
show(shortest(np.array([[0, 4, 9], [7, 0, 1], [2, 8, 0]])))  # -> int64 (3, 3) [[0, 4, 5], [3, 0, 1], [2, 6, 0]]
show((np.add.outer([1, 2], a), np.maximum.reduce(m, axis=1), np.add.reduce([1, 2, 3]), np.minimum.accumulate(b[::-1])))
# -> float64 (2, 3) [[4.0, -0.5, 3.25], [5.0, 0.5, 4.25]]
# -> float64 (3,) [3.5, 3.0, 2.5]
# -> 6
# -> float64 (4,) [8.0, 4.0, 2.0, 1.0]
np.add.at(a, [0, 0], 1)
show(a)  # -> float64 (3,) [5.0, -1.5, 2.25]
