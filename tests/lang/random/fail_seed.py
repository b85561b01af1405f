import numpy as np
from numba import njit


@njit
def f(seed):
    np.random.seed(seed)  # error: ValueError: Seed must be between 0 and 2**32 - 1


f(-1)
