import numpy as np
import math
from numba import njit


@njit
def f(x):
    y = x.sizes  # error: array(float64, 1d, C) has no attribute 'sizes' [unknown-attribute]
    z = np.sqroot(2.0)  # error: numpy.sqroot is not a function that kjit knows [unknown-function]
    w = undefined  # error: name 'undefined' is not defined [undefined-name]
    return late  # error: 'late' may be used before it has a value [unbound-local]
    late = 1


f(np.zeros(3))
