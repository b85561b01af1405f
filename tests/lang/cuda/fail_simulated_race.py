# only: simulator
# Reading what another thread of the block writes is a race, whoever comes first; a block at a time there is none.
import numpy as np
from numba import cuda


@cuda.jit
def left(x):
    i = cuda.grid(1)
    x[i] = i
    if i > 0:
        x[i] += x[i - 1]  # error: RuntimeError: race: reads the element of global memory that thread (0, 0, 0) wrote in line 10, with no barrier between them, in thread (1, 0, 0) of block (0, 0, 0)


x = np.zeros(6)
left[6, 1](x)
print(x)
left[1, 6](x)
