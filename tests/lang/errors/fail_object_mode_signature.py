from numba import jit


@jit('f8(f8)', forceobj=True)  # error: a function in object mode takes any types: it has no signature [bad-option]
def f(x):
    return x
