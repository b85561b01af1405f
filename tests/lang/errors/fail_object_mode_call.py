from numba import jit, njit


@jit(forceobj=True)
def f(x):
    return x


@njit
def g(x):
    return f(x)  # error: a call of 'f', which is in object mode, in a kernel is not supported [not-supported]


g(1)
