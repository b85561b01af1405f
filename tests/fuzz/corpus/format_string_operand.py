import numpy as np
from numba import njit


@njit
def f(a, n):
    s = 0.0
    for i in range(n):
        s += a[i] * f"{n}{i!r:>3}"
    return s
