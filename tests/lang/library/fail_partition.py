"""The place of a partition is checked."""
import numpy as np
from numba import njit


@njit
def f(a, k):
    return np.partition(a, k)  # error: ValueError: kth(=3) out of bounds (3)


f(np.ones(3), 3)
