from numba import njit


@njit(locals={"x": "float65"})  # error: signature "float65": 'float65' is not a type [bad-signature]
def f(a):
    x = a
    return x
