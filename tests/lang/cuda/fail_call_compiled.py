import numpy as np
from numba import cuda, njit


@cuda.jit
def kernel(x):
    x[0] = 1


@njit
def f(x):
    kernel(x)  # error: a call of the CUDA kernel 'kernel' from compiled code is not supported [not-supported]


f(np.zeros(3))
