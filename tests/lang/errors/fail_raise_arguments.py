from numba import njit


@njit
def check(n, x):
    raise RuntimeError("bad", n, x * 2, (n, None))  # error: RuntimeError: ('bad', -4, 3.0, (-4, None))


check(-4, 1.5)
