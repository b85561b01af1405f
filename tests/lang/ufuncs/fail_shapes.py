"""ValueError: operands could not be broadcast together with shapes (2,) (3,)."""
import numpy as np
from numba import njit, vectorize


@vectorize
def add(a, b):
    return a + b


@njit
def kernel():
    return add(np.ones(2), np.ones(3))  # error: ValueError: operands could not be broadcast together with shapes (2,) (3,)


kernel()
