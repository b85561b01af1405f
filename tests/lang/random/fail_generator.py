import numpy as np
from numba import njit


@njit
def method(rng):
    return rng.randn()  # error: np.random.Generator has no attribute 'randn' [unknown-attribute]


@njit
def f(seed):
    rng = np.random.default_rng(seed)
    return method(rng)


f(1)
