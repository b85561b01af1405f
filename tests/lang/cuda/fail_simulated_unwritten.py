# only: simulator
import numpy as np
from numba import cuda, int32


@cuda.jit
def rotate(out):
    kept = cuda.shared.array(8, dtype=int32)
    i = cuda.threadIdx.x
    if i > 0:
        kept[i] = i
    cuda.syncthreads()
    out[i] = kept[(i + 1) % 8]  # error: RuntimeError: a read of shared memory that no thread of the block has written, in thread (7, 0, 0) of block (0, 0, 0)


rotate[1, 8](np.zeros(8, np.int32))
