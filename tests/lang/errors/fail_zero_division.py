from numba import njit


@njit
def f(x):
    return 1 / x  # error: ZeroDivisionError: division by zero


f(0)
