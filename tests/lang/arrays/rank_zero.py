# Arrays without dimensions: a[...] is a view, a[()] the number; an index with '...' never gives a number.
import numpy as np
from numba import njit


@njit
def whole(a):
    v = a[...]
    v[...] = 3.5
    a[...] += 1
    return a[()], v.ndim, v[()] * 2


@njit
def element_view(a):
    v = a[1, ...]
    v[...] = 7
    w = a[..., 0]
    w[()] = 5
    return v.ndim, w[()], a[()].ndim


@njit
def copy_in(a, b):
    a[...] = b
    return a[()]


@njit
def with_axes(a):
    return a[None, ...].shape, a[None].shape, a[..., None, None].ndim


a = np.array(1.0)
print(whole(a), a[()])  # -> (4.5, 0, 9.0) 4.5
b = np.arange(3)
print(element_view(b), b)  # -> (0, 5, 1) [5 7 2]
print(copy_in(a, np.array(2)), copy_in(a, 9), copy_in(a, np.float32(1.5)))  # -> 2.0 9.0 1.5
print(with_axes(a))  # -> ((1,), (1,), 2)
