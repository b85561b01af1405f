"""A target that is not there."""
from numba import vectorize


@vectorize(['f8(f8)'], target='paralel')  # error: 'target' is 'cpu', 'parallel' or 'cuda' [bad-option]
def f(x):
    return x
