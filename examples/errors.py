"""What kernels refuse: the check that Python makes, said by a result instead of an exception."""
import numpy as np
from numba import njit


@njit(error_model="numpy")
def ratios(a, b):
    """Division by zero gives inf or nan here, as NumPy's does."""
    out = np.empty(a.size)
    for i in range(a.size):
        out[i] = a[i] / b[i]
    return out


@njit(boundscheck=True)
def nth(values, n):
    """Raises IndexError for a position outside."""
    return values[n]


@njit
def mean(values):
    if values.size == 0:
        raise ValueError("no values")
    total = 0.0
    for v in values:
        total += v
    return total / values.size


print(ratios(np.array([1.0, -1.0, 0.0]), np.array([0.0, 0.0, 0.0])))
print(nth(np.arange(5), 4), nth(np.arange(5), -1))
print(mean(np.array([1.0, 2.0, 6.0])))
