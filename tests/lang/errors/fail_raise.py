from numba import njit


@njit
def check(x):
    if x > 2:
        raise ValueError("too large")  # error: ValueError: too large
    return x


@njit
def f(x):
    return check(x) + 1


f(1)
f(3)
