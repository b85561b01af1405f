# Exceptions that are not raised: the checks leave the values alone.
from numba import njit


@njit(error_model="numpy")
def ratio(a, b):
    return a / b


@njit
def positive(x):
    assert x > 0, "x must be positive"
    if x > 1e6:
        raise OverflowError("too large")
    return x


print(ratio(1.0, 4.0), positive(3))  # -> 0.25 3
