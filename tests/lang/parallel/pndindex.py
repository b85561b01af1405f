# numba.pndindex: np.ndindex whose first axis is a parallel loop.
import numba
import numpy as np
from numba import njit, pndindex


@njit(parallel=True)
def fill(a):
    for at in pndindex(a.shape):
        a[at] = 3 * at[0] + at[1]


a = np.zeros((600, 500))
fill(a)
print(a[0, 0], a[599, 499], a[17, 4], a.sum())  # -> 0.0 2296.0 55.0 344400000.0


@njit(parallel=True)
def total(a, shape):
    s = 0.0
    most = -1.0
    for i, j, k in numba.pndindex(shape):
        if (i + j + k) % 2:
            continue
        s += a[i, j, k]
        most = max(most, a[i, j, k])
    return s, most


b = np.arange(300.0 * 40 * 20).reshape(300, 40, 20)
print(total(b, b.shape))  # -> (14399940000.0, 239998.0)
print(total(b, (2, 1, 2)))  # -> (801.0, 801.0)
print(total(b, (0, 5, 5)))  # -> (0.0, -1.0)


@njit(parallel=True)
def lengths(n):
    out = np.zeros(n, np.int64)
    for i in pndindex(n):
        out[i] = i[0] * 2
    return out


print(lengths(5))  # -> [0 2 4 6 8]


@njit(parallel=True)
def no_axes(x):
    for at in pndindex(()):
        x[at] += 1
    return x[()]


print(no_axes(np.array(4.0)))  # -> 5.0


@njit
def serial(a):
    n = 0
    for i, j in pndindex(a.shape):
        if i == 2:
            break
        n += 1
    return n


print(serial(a))  # -> 1000
