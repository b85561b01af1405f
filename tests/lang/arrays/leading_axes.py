# Assignment of an array with more axes than its place: those in front are of length 1.
import numpy as np
from numba import njit


@njit
def row(a, m):
    a[:] = m
    return a


@njit
def part(m, t):
    m[1] = t
    m[:, 0] = t[:, :, 0]
    return m


@njit
def itself(a):
    a[1:] = a.reshape(1, a.size)[:, :-1]
    return a


@njit
def made(a, m):
    a[:] = m * 2.0
    return a


@njit
def repeated(m, t):
    m[:] = t
    return m


print(row(np.zeros(3), np.arange(3.0).reshape(1, 3)))  # -> [0. 1. 2.]
print(row(np.zeros(3), np.arange(6.0).reshape(2, 3)[1:]))  # -> [3. 4. 5.]
print(part(np.zeros((2, 2)), np.arange(2.0).reshape(1, 1, 2)))
# -> [[0. 0.]
# ->  [0. 1.]]
print(itself(np.arange(4.0)))  # -> [0. 0. 1. 2.]
print(made(np.zeros(3), np.arange(3.0).reshape(1, 1, 3)))  # -> [0. 2. 4.]
print(repeated(np.zeros((2, 3)), np.ones((1, 1, 3))))
# -> [[1. 1. 1.]
# ->  [1. 1. 1.]]
