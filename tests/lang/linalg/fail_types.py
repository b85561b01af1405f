# What has no matrix is an error when compiling.
import numpy as np
from numba import njit


@njit
def wrong(v, a):
    x = np.linalg.det(v)  # error: np.linalg.det() takes an array of at least 2 dimensions, not an array(float64, 1d, C) [bad-argument]
    q, r = np.linalg.qr(a, mode="raw")  # error: np.linalg.qr() takes one of 'reduced', 'complete', 'r' here [bad-argument]
    y = np.linalg.solve(a, 3.0)  # error: np.linalg.solve() takes an array, not a float (Python) [bad-argument]
    return x, q, r, y


wrong(np.ones(3), np.eye(2))
