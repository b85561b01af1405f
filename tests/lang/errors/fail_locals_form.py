from numba import njit, float64


@njit(locals=["x", float64])  # error: 'locals' is a dict of names and types, such as {'x': float64} [bad-option]
def f(a):
    x = a
    return x
