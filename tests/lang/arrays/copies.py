# Fills and copies of slices.
import numpy as np
from numba import njit


@njit
def fill(a):
    a[:] = 1
    a[1, :] = 2
    a[:, 0] = 3
    a[2, 1:3] = 4
    return a


@njit
def rows(a, b):
    a[0] = b
    a[1, :] = b[::-1]
    a[2, 1:] = a[0, :-1]
    return a


@njit
def copies(a):
    b = a.copy()
    b[0] = 100
    c = a
    c[1] = 200
    return b


print(fill(np.zeros((3, 4))))
# -> [[3. 1. 1. 1.]
# ->  [3. 2. 2. 2.]
# ->  [3. 4. 4. 1.]]
print(rows(np.zeros((3, 3)), np.array([1.0, 2.0, 3.0])))
# -> [[1. 2. 3.]
# ->  [3. 2. 1.]
# ->  [0. 1. 2.]]
x = np.arange(3)
print(copies(x), x)  # -> [100   1   2] [  0 200   2]
