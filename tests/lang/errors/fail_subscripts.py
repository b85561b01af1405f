import numpy as np
from numba import njit


@njit
def f(a, t, x):
    p = a[0, 0, 0]  # error: 3 indices for an array of 2 dimensions [bad-index]
    q = a[1.5]  # error: an index is float (Python), not an integer or a slice [bad-index]
    r = t[5]  # error: index 5 is out of range for a tuple of 2 elements [bad-index]
    s = x[0]  # error: float (Python) cannot be indexed [not-subscriptable]
    t[0] = 1  # error: assignment to an element of a tuple is not supported [not-supported]
    for v in x:  # error: float (Python) cannot be iterated over [not-iterable]
        pass
    b, c, d = t  # error: 2 values to unpack, 3 expected [bad-unpack]
    a[0, 0] = 1j  # error: a complex number does not fit an element of array(float64, 2d, C) [type-mismatch]


f(np.zeros((2, 2)), (1, 2), 1.5)
