import numpy as np
from numba import njit


@njit
def f(a, b):
    return np.einsum('ij,jk->ik', a, b)  # error: ValueError: np.einsum(): an axis of operand 1 has length 4, another axis of its label 3


f(np.ones((2, 3)), np.ones((4, 2)))
