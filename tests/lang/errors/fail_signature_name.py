from numba import njit


@njit("f8(flot64)")  # error: signature "f8(flot64)": 'flot64' is not a type [bad-signature]
def f(x):
    return x
