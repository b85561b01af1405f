"""In place, what an operator gives has to fit into the array."""
import numpy as np
from numba import njit


@njit
def halves(a):
    a /= 2  # error: the result of '/=' is float64 and does not go into an array of int64


@njit
def part(a):
    a[1:] += 1.5  # error: the result of '+=' is float64 and does not go into an array of int64


@njit
def signed(a, b):
    a -= b  # error: the result of '-=' is int16 and does not go into an array of uint8


@njit
def narrower(a, b):
    a *= b
    return a


print(narrower(np.ones(2, dtype=np.float32), np.full(2, 3.0)))
halves(np.arange(3))
part(np.arange(3))
signed(np.ones(2, dtype=np.uint8), np.ones(2, dtype=np.int8))
