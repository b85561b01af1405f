# only: device
# Loops, branches, helper functions, grid strides, views of rows.
import math

import numpy as np
from numba import cuda, njit


@cuda.jit(device=True)
def norm(row):
    s = 0.0
    for v in row:
        s += v * v
    return math.sqrt(s)


@njit
def twice(x):
    return x + x


@cuda.jit
def norms(out, m):
    for i in range(cuda.grid(1), m.shape[0], cuda.gridsize(1)):
        out[i] = twice(norm(m[i]))


@cuda.jit
def collatz(steps):
    i = cuda.grid(1)
    if i >= steps.size:
        return
    n, count = i + 1, 0
    while n != 1:
        if n % 2 == 0:
            n = n // 2
        else:
            n = 3 * n + 1
        count += 1
        if count > 500:
            break
    steps[i] = count


@cuda.jit("void(float64[:], int64)", fastmath=True)
def reverse(x, n):
    i = cuda.grid(1)
    if i < n // 2:
        x[i], x[-1 - i] = x[-1 - i], x[i]


m = np.arange(12.0).reshape(3, 4)
out = np.zeros(3)
norms[1, 2](out, m)
print(np.allclose(out, 2 * np.sqrt((m * m).sum(axis=1))))  # -> True

steps = np.zeros(1000, dtype=np.int32)
collatz[4, 256](steps)
print(steps[:10], steps[26], steps.max())  # -> [ 0  1  7  2  5  8 16  3 19  6] 111 178

x = np.arange(9.0)
reverse[1, 32](x, 9)
print(x)  # -> [8. 7. 6. 5. 4. 3. 2. 1. 0.]
