from numba import njit


@njit
def f(x):
    if (y := x + 1) > 2:  # error: ':=' in a kernel is not supported [not-supported]
        return y
    return x


f(1)
