import numpy as np
from numba import njit

TABLE = np.arange(3)


@njit
def f():
    TABLE[0] = 1  # error: 'TABLE' is read-only [readonly-array]


f()
