# only: simulator
import numpy as np
from numba import cuda


@cuda.jit
def kernel(x):
    x[0] = 1


kernel[1, (32, 64)](np.zeros(1))  # error: ValueError: the kernel cannot be launched: a block has 2048 threads, a device allows 1024
