"""np.diff: times, axes, what is joined in front and behind, dtypes and layouts."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def plain(a):
    return np.diff(a)


@njit
def twice(a):
    return np.diff(a, 2, axis=0), np.diff(a, n=0), np.diff(a, n=5)


@njit
def joined(a):
    return np.diff(a, axis=-2, prepend=a[:1]), np.diff(a, append=0), np.diff(a, prepend=1, append=2)


@njit
def of_a_list():
    return np.diff([1, 5, 2]), np.diff((1.5, 2.5))


x = (np.arange(12).reshape(3, 4) ** 2) % 7
for a in (np.array([1.0, 4.0, 9.0]), np.array([1.0]), np.zeros(0), x, x.T, x[::-1, ::2], x.astype(np.uint8)):
    show(plain(a))
# -> float64 (2,) [3.0, 5.0]
# -> float64 (0,) []
# -> float64 (0,) []
# -> int64 (3, 3) [[1, 3, -2], [2, -3, -1], [3, -2, 0]]
# -> int64 (4, 2) [[2, -1], [3, 0], [-3, 1], [-2, 2]]
# -> int64 (3, 1) [[1], [-1], [4]]
# -> uint8 (3, 3) [[1, 3, 254], [2, 253, 255], [3, 254, 0]]
for a in (x > 2, x.astype(np.complex64), x.astype(np.float32), np.zeros((2, 0)), np.zeros((2, 3, 2))):
    show(plain(a))
# -> bool (3, 3) [[False, True, True], [True, True, False], [True, True, False]]
# -> complex64 (3, 3) [[(1+0j), (3+0j), (-2+0j)], [(2+0j), (-3+0j), (-1+0j)], [(3+0j), (-2+0j), 0j]]
# -> float32 (3, 3) [[1.0, 3.0, -2.0], [2.0, -3.0, -1.0], [3.0, -2.0, 0.0]]
# -> float64 (2, 0) [[], []]
# -> float64 (2, 3, 1) [[[0.0], [0.0], [0.0]], [[0.0], [0.0], [0.0]]]
for r in twice(x):
    show(r)
# -> int64 (1, 4) [[-3, -3, 4, 4]]
# -> int64 (3, 4) [[0, 1, 4, 2], [2, 4, 1, 0], [1, 4, 2, 2]]
# -> int64 (3, 0) [[], [], []]
for r in joined(x):
    show(r)
# -> int64 (3, 4) [[0, 0, 0, 0], [2, 3, -3, -2], [-1, 0, 1, 2]]
# -> int64 (3, 4) [[1, 3, -2, -2], [2, -3, -1, 0], [3, -2, 0, -2]]
# -> int64 (3, 5) [[-1, 1, 3, -2, 0], [1, 2, -3, -1, 2], [0, 3, -2, 0, 0]]
for r in of_a_list():
    show(r)
# -> int64 (2,) [4, -3]
# -> float64 (1,) [1.0]
show(np.diff(x, axis=0))  # -> int64 (2, 4) [[2, 3, -3, -2], [-1, 0, 1, 2]]
show(np.diff([3, 1], prepend=0))  # -> int64 (2,) [3, -2]
show(np.diff(x, 2, 1, prepend=[[1], [2], [3]]))  # -> int64 (3, 3) [[2, 2, -5], [2, -5, 2], [5, -5, 2]]
