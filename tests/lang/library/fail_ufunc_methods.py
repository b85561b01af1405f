"""Methods of functions of two numbers, np.mgrid: errors stand at the call."""
import numpy as np
from numba import njit


@njit
def one_number(a):
    return np.sin.reduce(a)  # error: numpy.sin.reduce is not a function that kjit knows [unknown-function]


@njit
def misspelt(a):
    return np.add.outr(a, a)  # error: numpy.add.outr is not a function that kjit knows [unknown-function]


@njit
def axis(a):
    return np.fmax.reduce(a, axis=2)  # error: axis 2 is out of bounds for array of dimension 2 [bad-argument]


@njit
def order(a):
    return np.subtract.reduce(a, axis=None)  # error: the order of the elements matters to this function: at most one axis may be given [bad-argument]


@njit
def another_type(a):
    return np.less.reduce(a)  # error: the function gives another type than it takes, and cannot go on with it [bad-argument]


@njit
def kind(i):
    np.add.at(i, 0, 1.5)  # error: the function's result is of a kind that does not go into the array [bad-argument]


@njit
def no_slice(n):
    return np.mgrid[n, 0:2]  # error: np.mgrid[...] takes slices, this is int (Python) [bad-index]


@njit
def no_end(n):
    return np.ogrid[0:2, n:]  # error: a slice of np.ogrid[...] needs an end [bad-index]


@njit
def called(n):
    return np.mgrid(n)  # error: 'numpy.mgrid' is not callable [not-callable]


@njit
def all_of_them(m, n, i):
    one_number(m)
    misspelt(m)
    axis(m)
    order(m)
    another_type(m)
    kind(i)
    no_slice(n)
    no_end(n)
    called(n)


all_of_them(np.ones((2, 2)), 3, np.array([1]))
