from numba import njit


@njit
def pair(n):
    if n > 0:
        return n, n * 2.0


@njit
def f(n):
    a, b = pair(n)  # error: TypeError: expected tuple(int64, float64), got None
    return a + b


f(0)
