# only: device
# What the lanes of a warp do together. Values by hand: numba-cuda's simulator has no shuffles.
import numpy as np
from numba import cuda

ALL = 0xFFFFFFFF


@cuda.jit
def shuffles(out, a):
    i = cuda.threadIdx.x
    v = a[i]
    out[0, i] = cuda.shfl_sync(ALL, v, 5)
    out[1, i] = cuda.shfl_up_sync(ALL, v, 2)
    out[2, i] = cuda.shfl_down_sync(ALL, v, 3)
    out[3, i] = cuda.shfl_xor_sync(ALL, v, 1)


@cuda.jit
def warp_sum(out, a):
    v = a[cuda.grid(1)]
    step = 16
    while step > 0:
        v += cuda.shfl_down_sync(ALL, v, step)
        step //= 2
    if cuda.laneid == 0:
        cuda.atomic.add(out, 0, v)


@cuda.jit
def votes(out):
    i = cuda.threadIdx.x
    out[i, 0] = cuda.all_sync(ALL, i < 32)
    out[i, 1] = cuda.all_sync(ALL, i < 31)
    out[i, 2] = cuda.any_sync(ALL, i == 7)
    out[i, 3] = cuda.any_sync(ALL, i > 100)
    out[i, 4] = cuda.eq_sync(ALL, i >= 0)
    out[i, 5] = cuda.eq_sync(ALL, i == 0)
    out[i, 6] = cuda.ballot_sync(ALL, i % 4 == 0)
    out[i, 7] = cuda.activemask()
    out[i, 8] = cuda.lanemask_lt()
    out[i, 9] = cuda.match_any_sync(ALL, i // 8)
    mask, same = cuda.match_all_sync(ALL, i // 32)
    out[i, 10] = mask
    out[i, 11] = same
    mask, same = cuda.match_all_sync(ALL, i)
    out[i, 12] = mask
    out[i, 13] = same
    cuda.syncwarp()


@cuda.jit
def counts(out, a):
    i = cuda.threadIdx.x
    n = cuda.syncthreads_count(a[i] > 10)
    every = cuda.syncthreads_and(a[i] >= 0)
    some = cuda.syncthreads_or(a[i] > 1000)
    cuda.threadfence_block()
    cuda.threadfence()
    cuda.threadfence_system()
    cuda.nanosleep(20)
    cuda.syncwarp(ALL)
    if i == 0:
        out[0] = n
        out[1] = every
        out[2] = some


@cuda.jit
def numbers(out, x, y):
    i = cuda.threadIdx.x
    out[i, 0] = cuda.popc(x[i])
    out[i, 1] = cuda.clz(x[i])
    out[i, 2] = cuda.ffs(x[i])
    out[i, 3] = cuda.brev(x[i])
    out[i, 4] = cuda.selp(x[i] > 3, i, -i)
    y[i] = cuda.fma(y[i], y[i], -1.0)


for t in (np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64):
    a = (np.arange(32) * 3 + (np.int64(1) << (40 if t in (np.int64, np.float64, np.uint64) else 4))).astype(t)
    out = np.zeros((4, 32), dtype=t)
    shuffles[1, 32](out, a)
    lane = np.arange(32)
    print(np.all(out[0] == a[5]), np.all(out[1] == a[np.where(lane >= 2, lane - 2, lane)]), end=" ")
    print(np.all(out[2] == a[np.where(lane < 29, lane + 3, lane)]), np.all(out[3] == a[lane ^ 1]))
# -> True True True True
# -> True True True True
# -> True True True True
# -> True True True True
# -> True True True True
# -> True True True True

for t in (np.int32, np.float32, np.float64):
    a = np.arange(128, dtype=t)
    out = np.zeros(1, dtype=t)
    warp_sum[2, 64](out, a)
    print(out[0])
# -> 8128
# -> 8128.0
# -> 8128.0

out = np.zeros((32, 14), dtype=np.int64)
votes[1, 32](out)
print(out[9])
# -> [         1          0          1          0          1          0
# ->   286331153 4294967295        511      65280         -1          1
# ->           0          0]

a = np.arange(96)
out = np.zeros(3, dtype=np.int64)
counts[1, 96](out, a)
print(out)  # -> [85  1  0]

x = np.array([1, 12, 0, 255], dtype=np.uint32)
y = np.array([1.5, 2.0, 0.0, -3.0])
out = np.zeros((4, 5), dtype=np.int64)
numbers[1, 4](out, x, y)
print(out[0], out[1])  # -> [         1         31          1 2147483648          0] [        2        28         3 805306368         1]
print(out[2], out[3])  # -> [ 0 32  0  0 -2] [         8         24          1 4278190080          3]
print(y)  # -> [ 1.25  3.   -1.    8.  ]
w = np.array([1 << 40, -1], dtype=np.int64)
out = np.zeros((2, 5), dtype=np.int64)
numbers[1, 2](out, w, y)
print(out[0], out[1])  # -> [      1      23      41 8388608       0] [64  0  1 -1 -1]
