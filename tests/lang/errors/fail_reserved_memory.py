# Memory that a loop would reuse is taken ahead of it; that there is none is an error of the iteration that needs it.
import numpy as np
from numba import njit


@njit
def f(n, m):
    s = 1.0
    for i in range(n):
        if i > 2:
            s += np.zeros(m)[i]  # error: MemoryError: the size of an array is too large
    return s


print(f(3, 1 << 62))  # -> 1.0
f(4, 1 << 61)
