"""An exception of a ufunc that the top level calls stands in the ufunc."""
import numpy as np
from numba import vectorize


@vectorize
def f(x):
    if x > 1:
        raise ValueError("large")  # error: ValueError: large
    return x


f(np.arange(3))
