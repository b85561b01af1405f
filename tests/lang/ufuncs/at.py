"""at() of functions with @vectorize, as NumPy's own ufuncs have it."""
# only: kjit (Numba compiles no loops for at() of numbers and lists)
import numpy as np
from numba import njit, vectorize


@vectorize(["float64(float64, float64)"])
def plus(a, b):
    return a + b


@vectorize
def negated(a):
    return -a


@njit
def in_place(b, index):
    plus.at(b, index, 2.0)
    plus.at(b, 1, 0.5)
    negated.at(b, index)
    return b


@njit
def numpy_in_place(b, index):
    np.add.at(b, index, 2.0)
    np.add.at(b, 1, 0.5)
    for i in index:
        b[i] = -b[i]
    return b


b = np.array([4.0, -5.0, 1.0])
index = np.array([0, 0, 2])
print(in_place(b.copy(), index), np.array_equal(in_place(b.copy(), index), numpy_in_place(b.copy(), index)))  # -> [ 8.  -4.5 -3. ] True
c = np.zeros(4)
plus.at(c, [0, 1, 1, 3], [1.0, 2.0, 3.0, 4.0])
print(c)  # -> [1. 5. 0. 4.]
negated.at(c, [1, -1])
print(c)  # -> [ 1. -5.  0. -4.]
m = np.zeros((2, 3))
plus.at(m, ([0, 1, 1], [2, 0, 0]), 1.0)
plus.at(m, 0, np.arange(3.0))
print(m)
# -> [[0. 1. 3.]
# ->  [2. 0. 0.]]
negated.at(m, 1)
print(m[1])  # -> [-2. -0. -0.]
