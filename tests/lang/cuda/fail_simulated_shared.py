# only: simulator
# A reduction whose steps lack their barrier.
import numpy as np
from numba import cuda, float64


@cuda.jit
def total(x, out):
    part = cuda.shared.array(64, dtype=float64)
    i = cuda.threadIdx.x
    part[i] = x[i]
    cuda.syncthreads()
    half = 32
    while half > 0:
        if i < half:
            part[i] += part[i + half]  # error: RuntimeError: race: writes the element of shared memory that thread (0, 0, 0) read in line 16, with no barrier between them, in thread (1, 0, 0) of block (0, 0, 0)
        half //= 2
    if i == 0:
        out[0] = part[0]


total[1, 64](np.ones(64), np.zeros(1))
