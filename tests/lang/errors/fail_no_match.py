from numba import njit


@njit("f8(f8[:])")
def g(x):
    return x[0]


@njit
def f(x):
    return g(x)  # error: no signature of 'g' takes (int (Python)) [no-matching-signature]


f(1)
