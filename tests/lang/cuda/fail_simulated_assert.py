# only: simulator
# Exceptions of kernels end the launch.
import numpy as np
from numba import cuda


@cuda.jit
def roots(x):
    i = cuda.grid(1)
    assert x[i] >= 0, "negative"  # error: AssertionError: negative, in thread (1, 0, 0) of block (1, 0, 0)
    x[i] = x[i] ** 0.5


roots[2, 2](np.array([4.0, 9.0, 16.0, -1.0]))
