"""Operands are given by position."""
from numba import vectorize


@vectorize  # error: @vectorize wants a function of one or more parameters by position; 'f' has starred ones [bad-decorator]
def f(*x):
    return x[0]
