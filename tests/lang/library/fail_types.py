"""Arguments that library functions do not take."""
import numpy as np
from numba import njit


@njit
def searched(m):
    return np.searchsorted(m, 1)  # error: np.searchsorted() takes an array of 1 dimension for 'a', not an array(float64, 2d, C) [bad-argument]


@njit
def side(m):
    return np.searchsorted(m[0], 1, side="middle")  # error: side must be 'left' or 'right' [bad-argument]


@njit
def counted(m):
    return np.bincount(m[0])  # error: np.bincount() takes an array of integers for 'x', not an array(float64, 1d, C) [bad-argument]


@njit
def weighed(m):
    return np.bincount([1, 2], m)  # error: np.bincount() takes an array of 1 dimension for 'weights', not an array(float64, 2d, C) [bad-argument]


@njit
def squeezed(m):
    return np.squeeze(m)  # error: 'squeeze' lacks its argument 'axis' [wrong-argument-count]


@njit
def permuted(m):
    return np.swapaxes(m, 0, 2)  # error: axis 2 is out of bounds for array of dimension 2 [bad-argument]


@njit
def broadcast(m):
    return np.broadcast_to(m, 3)  # error: input operand has more dimensions (2) than the shape (1) [bad-argument]


@njit
def written(m):
    np.broadcast_to(m[0], (3, 4))[0] = 1  # error: 'the array' is read-only [readonly-array]


@njit
def all_of_them(m):
    searched(m)
    side(m)
    counted(m)
    weighed(m)
    squeezed(m)
    permuted(m)
    broadcast(m)
    written(m)


all_of_them(np.ones((3, 4)))
