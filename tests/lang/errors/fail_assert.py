from numba import njit


@njit
def f(x):
    assert x > 0, "x must be positive"  # error: AssertionError: x must be positive
    return x


f(0)
