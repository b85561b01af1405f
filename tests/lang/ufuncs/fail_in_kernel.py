"""Calls of functions with @vectorize that kernels cannot make."""
import numpy as np
from numba import njit, vectorize


@vectorize(["float64(float64, float64)", "int32(int32, int32)"])
def add(a, b):
    return a + b


@vectorize
def pair(a):
    return a, a


@vectorize
def half(a):
    return a / 2


@njit
def no_loop(a):
    return add(a, 1j)  # error: ufunc 'add' did not contain a loop with signature matching types (float64, complex (Python)) -> None [bad-argument]


@njit
def too_few(a):
    return add(a)  # error: add() takes from 2 to 3 positional arguments but 1 was given [wrong-argument-count]


@njit
def keyword(a):
    return add(a, b=a)  # error: 'b' [unexpected-keyword]


@njit
def two_results(a):
    return pair(a)  # error: a ufunc gives one number for each element; 'pair' returns tuple(float64, float64) [bad-argument]


@njit
def narrow(a):
    return add(a, a, np.zeros(a.size, np.int64))  # error: Cannot cast ufunc 'add' output from dtype('float64') to dtype('int64') with casting rule 'same_kind' [bad-argument]


@njit
def few_axes(a):
    return half(np.ones((2, 2)), out=a)  # error: 'out' of half() has 1 dimensions, the result has 2 [bad-argument]


@njit
def number_out(a):
    return half(a, 3)  # error: half() takes an array for 'out', not int (Python) [bad-argument]


@njit
def mask(a):
    return half(a, where=a)  # error: 'where' of half() is a bool or an array of bools, not array(float64, 1d, C) [bad-argument]


@njit
def text(a):
    return half("a")  # error: half() takes numbers and arrays, not a string [bad-argument]


@njit
def one_operand(a):
    return half.reduce(a)  # error: reduce only supported for binary functions [bad-argument]


@njit
def one_operand_outer(a):
    return half.outer(a, a)  # error: outer product only supported for binary functions [bad-argument]


@njit
def misspelt(a):
    return add.reduced(a)  # error: ufunc 'add' has no attribute 'reduced' [unknown-attribute]


@njit
def called(a):
    return add.nin(a)  # error: 'nin' of a ufunc is not callable [not-callable]


@njit
def no_axis(a):
    return add.reduce(a, axis=1)  # error: axis 1 is out of bounds for array of dimension 1 [bad-argument]


@njit
def order(a):
    return add.reduce(np.ones((2, 2)), axis=None)  # error: the order of the elements matters to this function: at most one axis may be given [bad-argument]


@njit
def dtype(a):
    return half(a, dtype=np.float32)  # error: 'half' has no parameter 'dtype' [unexpected-keyword]


@njit
def axis_of_data(a, k):
    return add.reduce(a, axis=k)


@njit
def where_without_beginning(a):
    return add.reduce(a, where=a > 1)  # error: the function has no identity, so to use 'where' one has to give 'initial' [bad-argument]


@njit
def where_of_numbers(a):
    return add.reduce(a, where=a, initial=0.0)  # error: add.reduce() takes a bool or an array of bools for 'where', not an array(float64, 1d, C) [bad-argument]


@njit
def all_of_them(a):
    no_loop(a)
    too_few(a)
    keyword(a)
    two_results(a)
    narrow(a)
    few_axes(a)
    number_out(a)
    mask(a)
    text(a)
    one_operand(a)
    one_operand_outer(a)
    misspelt(a)
    called(a)
    no_axis(a)
    order(a)
    dtype(a)
    axis_of_data(a, a.size)  # error: 'k' of axis_of_data() must be a constant [not-constant]
    where_without_beginning(a)
    where_of_numbers(a)


all_of_them(np.arange(3.0))
