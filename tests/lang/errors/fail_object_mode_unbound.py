from numba import jit


@jit(forceobj=True)
def f(x):
    if x > 0:
        y = x
    return y  # error: cannot access local variable 'y' where it is not associated with a value


f(-1)
