# Elements, negative indices, partial indexing, slices with steps, newaxis, Ellipsis.
import numpy as np
from numba import njit


@njit
def elements(a):
    return a[0, 1], a[-1, -1], a[1][2], a[1, -2], a[-2][-1]


@njit
def shapes(a):
    return a[0].shape, a[:, 1].shape, a[..., 0].shape, a[None].shape, a[:, None, 1:].shape, a[1:1].shape, a[::2, ::-1].shape


@njit
def slices(x):
    s = np.zeros(8)
    s[0] = x[2:5][0]
    s[1] = x[::-1][0]
    s[2] = x[-3:][1]
    s[3] = x[:100].size
    s[4] = x[5:2].size
    s[5] = x[8:2:-2][1]
    s[6] = x[-100:3].size
    s[7] = x[::3].size
    return s


@njit
def write(a):
    a[0, 0] = 10
    a[-1][0] = 20
    row = a[1]
    row[1] = 30
    col = a[:, 2]
    col[0] = 40
    a[1, 3] += 5
    a[1, 3] *= 2
    t = (0, 3)
    a[t] = 50
    return a[t]


@njit
def meta(a):
    return a.shape, a.ndim, a.size, a.itemsize, a.nbytes, a.strides, len(a), a.T.shape


a = np.arange(12).reshape(3, 4)
print(elements(a))  # -> (1, 11, 6, 6, 7)
print(shapes(a))  # -> ((4,), (3,), (3,), (1, 3, 4), (3, 1, 3), (0, 4), (2, 4))
print(slices(np.arange(10.0)))  # -> [ 2.  9.  8. 10.  0.  6.  3.  4.]
print(write(a), a[0], a[1], a[2])  # -> 50 [10  1 40 50] [ 4 30  6 24] [20  9 10 11]
print(meta(a))  # -> ((3, 4), 2, 12, 8, 96, (32, 8), 3, (4, 3))
print(meta(a.T))  # -> ((4, 3), 2, 12, 8, 96, (8, 32), 4, (3, 4))
