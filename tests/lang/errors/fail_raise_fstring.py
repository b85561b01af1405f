import numpy as np
from numba import njit


@njit
def check(a, n):
    b = n + 1
    t = np.zeros(n)
    if n > 2:
        raise ValueError(f"bad n {n} of {t.size}: {a[0]}, {n > 1}")  # error: ValueError: bad n 3 of 3: 2.5, True
    return b


check(np.array([2.5]), 3)
