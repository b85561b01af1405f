from numba import njit


@njit
def f(n):
    if n == 0:
        raise ValueError('at the bottom')  # error: ValueError: at the bottom
    if n < 0:
        return 1.0
    return f(n - 1) * 2.0 if n % 2 else g(n)


@njit
def g(n):
    return f(n - 1) + 1.0


f(9)
