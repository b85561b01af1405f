from numba import njit, float64


@njit(locals={"x": "float64, int64"})  # error: 'float64, int64' is not one type [bad-option]
def f(a):
    x = a
    return x
