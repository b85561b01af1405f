# The message of an assert that is a tuple with strings.
from numba import njit


@njit
def f(n):
    assert n < 0, ("negative", n)  # error: AssertionError: ('negative', 3)


f(3)
