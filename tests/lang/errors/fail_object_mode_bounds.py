import numpy as np
from numba import jit


@jit(forceobj=True)
def f(a, i):
    return a[i, 1] + a[1, i]  # error: IndexError: index 3 is out of bounds for axis 1 with size 3


f(np.zeros((4, 3)), 3)
