# only: simulator
import numpy as np
from numba import cuda


@cuda.jit
def first_only(x):
    if cuda.blockIdx.x == 0:
        cuda.cg.this_grid().sync()  # error: RuntimeError: divergent barrier of the grid: not all blocks come here; block (1, 0, 0) has ended, in thread (0, 0, 0) of block (0, 0, 0)
    x[cuda.grid(1)] = 1.0


first_only[2, 8](np.zeros(16))
