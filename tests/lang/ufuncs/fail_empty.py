"""ValueError: zero-size array to reduction operation which has no identity."""
import numpy as np
from numba import njit, vectorize


@vectorize
def add(a, b):
    return a + b


@njit
def kernel():
    return add.reduce(np.zeros(0))  # error: ValueError: zero-size array to reduction operation which has no identity


kernel()
