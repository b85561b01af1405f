# An inner function that calls itself is one error; so is a number that an array is added to in place.
import numpy as np
from numba import njit


@njit
def outer(n, a):
    def g(k):  # error: an inner function that calls itself or comes before the values it captures is not supported [not-supported]
        if k < 1:
            return 0
        return g(k - 1)

    s = (1, (2, 3)) + a  # error: np.add() takes a number, not a tuple [bad-argument]
    x = -9223372036854775809  # error: the integer -9223372036854775809 does not fit 64 bits [bad-literal]
    return g(n) + x


print(outer(3, np.zeros(2)))
