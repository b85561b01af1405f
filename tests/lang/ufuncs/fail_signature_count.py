"""Loops have as many operands as the function."""
from numba import vectorize


@vectorize(['f8(f8, f8)'])  # error: the signature has 2 parameters, 'f' has 1 [bad-signature]
def f(x):
    return x
