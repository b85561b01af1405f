from numba import njit


@njit
def f():
    return 99999999999999999999999  # error: the integer 99999999999999999999999 does not fit 64 bits [bad-literal]


f()
