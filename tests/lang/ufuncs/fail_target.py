"""Ufuncs run on the CPU."""
from numba import vectorize


@vectorize(target='cuda')  # error: target='cuda' is not supported [not-supported]
def f(x):
    return x
