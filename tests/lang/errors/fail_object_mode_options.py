from numba import njit


@njit(forceobj=True)  # error: a function is either in nopython or in object mode: @jit(forceobj=True) [bad-option]
def f(x):
    return x
