# only: simulator
import numpy as np
from numba import cuda


@cuda.jit
def meet(x):
    cuda.cg.this_grid().sync()
    x[0] = 1.0


meet[1000, 256](np.zeros(16))  # error: ValueError: the kernel cannot be launched: it waits for the whole grid, and of 1000 blocks the device runs 64 at once
