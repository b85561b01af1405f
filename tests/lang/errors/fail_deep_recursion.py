from numba import njit


@njit
def f(n):  # error: RecursionError: maximum recursion depth exceeded
    return 0 if n < 0 else f(n + 1) + 1


f(0)
