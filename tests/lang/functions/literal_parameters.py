# Parameters that stand where a constant is needed: a version for each value, through calls too.
import numpy as np
from numba import njit


@njit
def total(a, axis):
    return a.sum(axis)


@njit
def totals(a, axis, keep=False):
    return np.sum(a, axis=axis, keepdims=keep)


@njit
def last_but(a, k):
    return np.max(a, axis=-1 - k)


@njit
def through(a, axis, n):
    return total(np.diff(a, n), axis)


@njit
def by_tuple(a, axes):
    return a.sum(axis=axes)


@njit
def smooth(a, v, mode):
    return np.convolve(a, v, mode)


@njit
def both(a):
    return total(a, 0).sum() + total(a, 1).sum()


a = np.arange(24.0).reshape(2, 3, 4)
b = np.arange(12.0).reshape(3, 4) ** 2
for axis in range(3):
    print(axis, total(a, axis).shape, total(a, axis).sum())
# -> 0 (3, 4) 276.0
# -> 1 (2, 4) 276.0
# -> 2 (2, 3) 276.0
print(total(b, 0), total(b, -1))  # -> [ 80. 107. 140. 179.] [ 14. 126. 366.]
print(totals(a, 1).shape, totals(a, 1, True).shape, totals(a, axis=2, keep=True).shape)  # -> (2, 4) (2, 1, 4) (2, 3, 1)
print(last_but(b, 0), last_but(b, 1))  # -> [  9.  49. 121.] [ 64.  81. 100. 121.]
print(through(b, 0, 1), through(b, 1, 2), through(b, 0, 3))  # -> [27. 33. 39.] [4. 4. 4.] [0.]
print(by_tuple(a, (0, 2)), by_tuple(a, (1,)).shape)  # -> [ 60.  92. 124.] (2, 4)
v = np.array([1.0, 2.0, 1.0])
print(smooth(b[0], v, "same"), smooth(b[0], v, "valid"))  # -> [ 1.  6. 18. 22.] [ 6. 18.]
print(both(b))  # -> 1012.0
