# only: device
# Memory that the threads of a block share: arrays of constant shape, what the launch gives, arrays of a thread's own.
import numpy as np
from numba import cuda, float32, int32

TILE = 8


@cuda.jit
def transpose(out, a):
    tile = cuda.shared.array((TILE, TILE + 1), dtype=float32)
    x = cuda.blockIdx.x * TILE + cuda.threadIdx.x
    y = cuda.blockIdx.y * TILE + cuda.threadIdx.y
    if y < a.shape[0] and x < a.shape[1]:
        tile[cuda.threadIdx.y, cuda.threadIdx.x] = a[y, x]
    cuda.syncthreads()
    x = cuda.blockIdx.y * TILE + cuda.threadIdx.x
    y = cuda.blockIdx.x * TILE + cuda.threadIdx.y
    if y < out.shape[0] and x < out.shape[1]:
        out[y, x] = tile[cuda.threadIdx.x, cuda.threadIdx.y]


@cuda.jit
def matmul(c, a, b):
    sa = cuda.shared.array(shape=(TILE, TILE), dtype=np.float64)
    sb = cuda.shared.array(shape=(TILE, TILE), dtype=np.float64)
    x, y = cuda.grid(2)
    tx = cuda.threadIdx.x
    ty = cuda.threadIdx.y
    total = 0.0
    for i in range((a.shape[1] + TILE - 1) // TILE):
        sa[tx, ty] = 0
        sb[tx, ty] = 0
        if x < a.shape[0] and ty + i * TILE < a.shape[1]:
            sa[tx, ty] = a[x, ty + i * TILE]
        if y < b.shape[1] and tx + i * TILE < b.shape[0]:
            sb[tx, ty] = b[tx + i * TILE, y]
        cuda.syncthreads()
        for j in range(TILE):
            total += sa[tx, j] * sb[j, ty]
        cuda.syncthreads()
    if x < c.shape[0] and y < c.shape[1]:
        c[x, y] = total


@cuda.jit
def block_sums(out, a):
    s = cuda.shared.array(0, int32)
    i = cuda.grid(1)
    t = cuda.threadIdx.x
    s[t] = a[i] if i < a.size else 0
    cuda.syncthreads()
    step = cuda.blockDim.x // 2
    while step > 0:
        if t < step:
            s[t] += s[t + step]
        cuda.syncthreads()
        step //= 2
    if t == 0:
        out[cuda.blockIdx.x] = s[0]
        out[cuda.gridDim.x + cuda.blockIdx.x] = s.shape[0]


@cuda.jit
def reversed_in_block(a):
    s = cuda.shared.array(64, dtype=np.complex64)
    t = cuda.threadIdx.x
    n = cuda.blockDim.x
    s[t] = a[cuda.grid(1)]
    cuda.syncthreads()
    a[cuda.grid(1)] = s[n - 1 - t]


@cuda.jit
def own(out, a):
    window = cuda.local.array(4, np.int64)
    i = cuda.grid(1)
    for k in range(4):
        window[k] = a[(i + k) % a.size]
    for k in range(3):
        for j in range(3 - k):
            if window[j] > window[j + 1]:
                window[j], window[j + 1] = window[j + 1], window[j]
    out[i, 0] = window[0]
    out[i, 1] = window[-1]


a = np.arange(11 * 21, dtype=np.float32).reshape(11, 21)
out = np.zeros((21, 11), dtype=np.float32)
transpose[(3, 2), (TILE, TILE)](out, a)
print(np.all(out == a.T))  # -> True

p = (np.arange(13 * 9).reshape(13, 9) % 7).astype(np.float64)
q = (np.arange(9 * 10).reshape(9, 10) % 5).astype(np.float64)
c = np.zeros((13, 10))
matmul[(2, 2), (TILE, TILE)](c, p, q)
print(np.all(c == p @ q), c[12, 9])  # -> True 112.0

v = np.arange(200, dtype=np.int32)
sums = np.zeros(8, dtype=np.int32)
block_sums[4, 64, 0, 256](sums, v)
print(sums)  # -> [ 2016  6112 10208  1564    64    64    64    64]

z = np.arange(128).astype(np.complex64) * 1j
reversed_in_block[2, 64](z)
print(z[0], z[63], z[64], z[127])  # -> 63j 0j 127j 64j

w = np.array([5, 3, 9, 1, 7, 2, 8, 6])
lowhigh = np.zeros((8, 2), dtype=np.int64)
own[2, 4](lowhigh, w)
print(lowhigh[:, 0], lowhigh[:, 1])  # -> [1 1 1 1 2 2 3 3] [9 9 9 8 8 8 8 9]
