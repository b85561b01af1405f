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
    m = n + 1
    return np.diff(a, m)  # error: 'n' of np.diff() must be a constant [not-constant]


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
def kinds(a):
    np.sort(a, kind="bogo")  # error: kind must be 'quicksort', 'heapsort', 'mergesort' or 'stable' [bad-argument]
    np.isin(a, a, kind="x")  # error: kind must be 'sort', 'table' or None [bad-argument]
    np.meshgrid(a, a, indexing="xx")  # error: indexing must be 'xy' or 'ij' [bad-argument]


@njit
def outputs(a, o):
    np.median(a, axis=0, out=o)  # error: an array to write into is not supported by median() [bad-argument]
    np.nanmax(a, None, o)  # error: an array to write into is not supported by nanmax() [bad-argument]
    np.nanvar(a, dtype=np.float32)  # error: a dtype is not supported by nanvar() [bad-argument]


@njit
def all_of_them(a, n):
    axis(a)
    number(a)
    variable(a, n)
    keyword(a)
    order(a)
    lacking()
    unknown(a)
    kinds(a)
    outputs(a, a)


all_of_them(np.ones(4), 2)
