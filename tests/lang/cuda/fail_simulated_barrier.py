# only: simulator
import numpy as np
from numba import cuda


@cuda.jit
def halves(x):
    i = cuda.threadIdx.x
    if i < 4:
        cuda.syncthreads()  # error: RuntimeError: divergent barrier: not all threads of the block come here; thread (4, 0, 0) has ended, in thread (0, 0, 0) of block (0, 0, 0)
    x[i] = i


halves[2, 8](np.zeros(16))
