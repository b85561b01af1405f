"""Loops are over numbers."""
from numba import vectorize


@vectorize(['f8(f8[:])'])  # error: a signature of @vectorize is over numbers: 'f' is called for each element [bad-signature]
def f(x):
    return x
