"""What goes wrong with arguments of library functions is said at the call, never in the library."""
import numpy as np
from numba import njit


@njit
def axis(a):
    return np.diff(a, axis=2)  # error: axis 2 is out of bounds for array of dimension 1 [bad-argument]


@njit
def number(a):
    return np.diff(a[0])  # error: np.diff() takes an array for 'a', not a float64 [bad-argument]


@njit
def variable(a, n):
    return np.diff(a, n)  # error: 'n' of np.diff() must be a constant [not-constant]


@njit
def keyword(a):
    return np.diff(a, axes=0)  # error: 'diff' has no parameter 'axes' [unexpected-keyword]


@njit
def order(a):
    return np.diff(a, -1)  # error: order must be non-negative [bad-argument]


@njit
def lacking():
    return np.diff()  # error: 'diff' lacks its argument 'a' [wrong-argument-count]


@njit
def unknown(a):
    return np.difff(a)  # error: numpy.difff is not a function that kjit knows [unknown-function]


@njit
def all_of_them(a, n):
    axis(a)
    number(a)
    variable(a, n)
    keyword(a)
    order(a)
    lacking()
    unknown(a)


all_of_them(np.ones(4), 2)
