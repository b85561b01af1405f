from numba import njit


@njit
def f(x):
    if x < 0:
        raise ValueError(x)  # error: the argument of an exception must be a constant [not-constant]
    return x


f(1)
