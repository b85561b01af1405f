import numpy as np
from numba import njit


@njit
def ranks(a):
    return np.random.zipf(a, 3)  # error: ValueError: a <= 1 or a is NaN


print(ranks(1.0))
