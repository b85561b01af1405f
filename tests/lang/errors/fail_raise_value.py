from numba import njit


@njit
def check(n):
    raise KeyError(n)  # error: KeyError: 7


check(7)
