# only: device
# Where a thread stands, in grids of one, two and three axes.
import numpy as np
from numba import cuda
from numba.cuda import threadIdx


@cuda.jit
def places(out):
    i = cuda.blockIdx.x * cuda.blockDim.x + cuda.threadIdx.x
    out[i, 0] = cuda.threadIdx.x
    out[i, 1] = cuda.blockIdx.x
    out[i, 2] = cuda.blockDim.x
    out[i, 3] = cuda.gridDim.x
    out[i, 4] = cuda.grid(1)
    out[i, 5] = cuda.gridsize(1)
    out[i, 6] = cuda.laneid
    out[i, 7] = cuda.warpsize


@cuda.jit
def plane(out):
    i, j = cuda.grid(2)
    if i < out.shape[0] and j < out.shape[1]:
        out[i, j] = 10 * i + j


@cuda.jit
def space(out):
    x, y, z = cuda.grid(3)
    nx, ny, nz = cuda.gridsize(3)
    out[x, y, z] = (x * ny + y) * nz + z + threadIdx.z * 1000 + cuda.blockIdx.y * 100000


a = np.zeros((70, 8), dtype=np.int64)
places[2, 35](a)
print(a[0])  # -> [ 0  0 35  2  0 70  0 32]
print(a[69])  # -> [34  1 35  2 69 70  2 32]

b = np.zeros((5, 7), dtype=np.int32)
plane[(2, 2), (3, 4)](b)
print(b[4, 6], b.sum())  # -> 46 805

c = np.zeros((2, 4, 6), dtype=np.int64)
space[(1, 2, 3), (2, 2, 2)](c)
print(c[0, 0])  # -> [   0 1001    2 1003    4 1005]
print(c[1, 3])  # -> [100042 101043 100044 101045 100046 101047]
