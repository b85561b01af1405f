from numba import njit


@njit
def f(n):  # error: the type of 'f' cannot be found [cannot-infer]
    return f(n - 1)


f(1)
