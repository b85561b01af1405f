from numba import njit


@njit(fastmth=True)  # error: 'fastmth' is not an option of @njit [unknown-option]
def f(x):
    return x
