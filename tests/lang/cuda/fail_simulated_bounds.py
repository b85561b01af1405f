# only: simulator
# Every index is checked, in kernels and in what they call, and the message says who it was.
import numpy as np
from numba import cuda


@cuda.jit(device=True)
def put(x, i, j, v):
    x[i, j] = v  # error: IndexError: index 5 is out of bounds for axis 1 with size 5, in thread (0, 2, 0) of block (0, 1, 0)


@cuda.jit
def fill(x):
    i, j = cuda.grid(2)
    put(x, i, j, i + j)


fill[(1, 2), (2, 3)](np.zeros((4, 5)))
