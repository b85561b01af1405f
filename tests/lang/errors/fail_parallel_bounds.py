import numpy as np
from numba import njit, prange


@njit(parallel=True, boundscheck=True)
def f(a, b):
    for i in prange(b.size):
        b[i] = a[i] + 1  # error: IndexError: index 70000 is out of bounds for axis 0 with size 70000


f(np.zeros(70000), np.zeros(200000))
