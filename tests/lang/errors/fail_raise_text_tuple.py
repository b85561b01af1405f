# The text of an exception of several arguments, tuples with strings among them.
from numba import njit


@njit
def f(n):
    raise ValueError("a", ("b", n))  # error: ValueError: ('a', ('b', 3))


f(3)
