# The system is not square: an exception when the kernel runs.
import numpy as np
from numba import njit


@njit
def solve(a, b):
    return np.linalg.solve(a, b)  # error: LinAlgError: Last 2 dimensions of the array must be square


print(solve(np.ones((2, 3)), np.ones(2)))
