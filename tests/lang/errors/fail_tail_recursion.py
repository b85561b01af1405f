from numba import njit


@njit
def f(n):  # error: RecursionError: maximum recursion depth exceeded
    return n if n < 0 else f(n + 1)


f(0)
