from numba import njit


@njit
def f(n):
    for i in range(n):
        x = i
    return x  # error: UnboundLocalError


f(0)
