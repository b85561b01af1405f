"""An error inside of the function is said there."""
import numpy as np
from numba import vectorize


@vectorize
def f(x):
    return x.shape  # error: float64 has no attribute 'shape' [unknown-attribute]


f(np.ones(3))
