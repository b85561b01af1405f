# No inverse: LinAlgError at the place of the call.
import numpy as np
from numba import njit


@njit
def twice(a):
    return np.linalg.inv(a) * 2  # error: LinAlgError: Singular matrix


print(twice(np.array([[1.0, 2.0], [2.0, 4.0]])))
