"""An exception of a ufunc is that of the first element which raises."""
import numpy as np
from numba import njit, vectorize


@vectorize
def checked(x):
    if x > 3:
        raise ValueError("too large")  # error: ValueError: too large
    if x > 2:
        raise IndexError("large")
    return x


@njit
def kernel(a):
    return checked(a) + 1


kernel(np.array([1, 5, 3, 2]))
