"""np.einsum: what the subscripts say is checked at the call."""
import numpy as np
from numba import njit


@njit
def many(a):
    return np.einsum('ijk->i', a)  # error: einstein sum subscripts string contains too many subscripts for operand 0 [bad-argument]


@njit
def few(a):
    return np.einsum('i->i', a)  # error: operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to broadcast the extra dimensions. [bad-argument]


@njit
def absent(a):
    return np.einsum('ij->k', a)  # error: einstein sum subscripts string includes output subscript 'k' which never appeared in an input [bad-argument]


@njit
def twice(a):
    return np.einsum('ij->ii', a)  # error: einstein sum subscripts string includes output subscript 'i' multiple times [bad-argument]


@njit
def operands(a):
    return np.einsum('ij,jk', a)  # error: fewer operands provided to einstein sum function than specified in the subscripts string [bad-argument]


@njit
def letter(a):
    return np.einsum('i1->i', a)  # error: invalid subscript '1' in einstein sum subscripts string [bad-argument]


@njit
def number(a):
    return np.einsum(3, a)  # error: np.einsum() takes subscripts known when compiling for 'subscripts' [bad-argument]


@njit
def all_of_them(a):
    many(a)
    few(a)
    absent(a)
    twice(a)
    operands(a)
    letter(a)
    number(a)


all_of_them(np.ones((2, 2)))
