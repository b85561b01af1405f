import numpy as np
from numba import njit, float64


@njit(locals={"x": float64})
def f(a):
    x = a  # error: 'x' is float64 by locals=, to which array(float64, 1d, C) does not convert [type-mismatch]
    return x


f(np.ones(2))
