"""ValueError: non-broadcastable output operand with shape (1,3) doesn't match the broadcast shape (2,3)."""
import numpy as np
from numba import njit, vectorize


@vectorize
def add(a, b):
    return a + b


@njit
def kernel():
    return add(np.ones((2, 3)), 1.0, out=np.ones((1, 3)))  # error: ValueError: non-broadcastable output operand with shape (1,3) doesn't match the broadcast shape (2,3)


kernel()
