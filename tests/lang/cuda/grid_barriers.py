# only: device
# Barriers of the whole grid.
import numpy as np
from numba import cuda


@cuda.jit
def rows(m):
    column = cuda.grid(1)
    g = cuda.cg.this_grid()
    for row in range(1, m.shape[0]):
        opposite = m.shape[1] - column - 1
        m[row, column] = m[row - 1, opposite] + 1
        g.sync()


@cuda.jit(device=True)
def meet():
    return cuda.cg.this_grid().sync()


# Halves of the array are added until one element is left; blocks of different axes.
@cuda.jit
def total(out, x):
    a, b = cuda.grid(2)
    across, along = cuda.gridsize(2)
    i = a + b * across
    step = x.size // 2
    while step > 0:
        for k in range(i, step, across * along):
            x[k] += x[k + step]
        if meet() != 0:
            out[0] = -1.0
        step //= 2
    if i == 0:
        out[0] = x[0]


# What blocks share between the barriers stays theirs.
@cuda.jit
def shared_between(out):
    mine = cuda.shared.array(32, np.int64)
    grid = cuda.cg.this_grid()
    t = cuda.threadIdx.x
    mine[t] = cuda.grid(1)
    grid.sync()
    out[cuda.blockIdx.x, t] = mine[31 - t]


m = np.zeros((64, 256), dtype=np.int32)
rows[8, 32](m)
print(np.all(m == np.arange(64).reshape(64, 1)))  # -> True
out = np.zeros(1)
for _ in range(2):
    total[(2, 2), (16, 2)](out, np.arange(512.0))
    print(out)  # -> [130816.]
    # -> [130816.]
total[1, 1](out, np.arange(4.0))
print(out)  # -> [6.]
places = np.zeros((3, 32), np.int64)
shared_between[3, 32](places)
print(places[:, 0], places[:, 31])  # -> [31 63 95] [ 0 32 64]
