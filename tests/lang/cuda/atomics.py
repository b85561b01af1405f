# only: device
# Atomic operations on elements: all kinds of numbers, one axis and two, arrays of the device and of a block.
import numpy as np
from numba import cuda, int32


@cuda.jit
def totals(out, n):
    i = cuda.grid(1)
    if i < n:
        cuda.atomic.add(out, 0, i)
        cuda.atomic.sub(out, 1, i)
        cuda.atomic.max(out, 2, i)
        cuda.atomic.min(out, 3, i + 1)
        cuda.atomic.add(out, -1, 2)


@cuda.jit
def bits(out):
    i = cuda.grid(1)
    cuda.atomic.and_(out, 0, 255 - (1 << (i % 8)))
    cuda.atomic.or_(out, 1, 1 << (i % 16))
    cuda.atomic.xor(out, 2, i)


@cuda.jit
def wrapping(out, limit):
    cuda.atomic.inc(out, 0, limit)
    cuda.atomic.dec(out, 1, limit)


@cuda.jit
def histogram(out, a):
    counts = cuda.shared.array((2, 8), int32)
    t = cuda.threadIdx.x
    if t < 8:
        counts[0, t] = 0
        counts[1, t] = 0
    cuda.syncthreads()
    i = cuda.grid(1)
    if i < a.size:
        cuda.atomic.add(counts, (a[i] % 2, a[i] % 8), 1)
    cuda.syncthreads()
    if t < 8:
        cuda.atomic.add(out, (0, t), counts[0, t])
        cuda.atomic.add(out, (1, t), counts[1, t])


@cuda.jit
def extremes(out, a):
    i = cuda.grid(1)
    if i < a.size:
        cuda.atomic.max(out, 0, a[i])
        cuda.atomic.min(out, 1, a[i])
        cuda.atomic.nanmax(out, 2, a[i])
        cuda.atomic.nanmin(out, 3, a[i])


@cuda.jit
def claims(owner, wins, places):
    i = cuda.grid(1)
    place = i % places
    if cuda.atomic.cas(owner, place, -1, i) == -1:
        cuda.atomic.add(wins, 0, 1)
    old = cuda.atomic.exch(owner, place, place)
    if old == -1:
        cuda.atomic.add(wins, 1, 1)


@cuda.jit
def first(flag, count):
    if cuda.atomic.compare_and_swap(flag, 0, 7) == 0:
        cuda.atomic.add(count, 0, 1)


@cuda.jit
def tickets(counter, seen):
    mine = cuda.atomic.add(counter, 0, 1)
    seen[mine] += 1


for t in (np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64):
    out = np.zeros(6, dtype=t)
    out[1] = 5000
    out[3] = 7
    totals[3, 32](out, 70)
    print(out[0], out[1], out[2], out[3], out[5])
# -> 2415 2585 69 1 140
# -> 2415 2585 69 1 140
# -> 2415 2585 69 1 140
# -> 2415 2585 69 1 140
# -> 2415.0 2585.0 69.0 1.0 140.0
# -> 2415.0 2585.0 69.0 1.0 140.0

for t in (np.int32, np.uint64):
    out = np.array([255, 0, 0], dtype=t)
    bits[2, 32](out)
    print(out)
# -> [    0 65535     0]
# -> [    0 65535     0]

for t in (np.uint32, np.uint64):
    out = np.array([0, 2], dtype=t)
    wrapping[1, 30](out, 6)
    print(out)
# -> [2 0]
# -> [2 0]

a = (np.arange(100) * 7 % 32).astype(np.int64)
h = np.zeros((2, 8), dtype=np.int32)
histogram[4, 32](h, a)
print(h)
# -> [[13  0 12  0 12  0 13  0]
# ->  [ 0 12  0 12  0 13  0 13]]

for t in (np.float32, np.float64):
    a = np.sin(np.arange(64)).astype(t)
    a[5] = np.nan
    out = np.array([0, 0, np.nan, np.nan], dtype=t)
    extremes[2, 32](out, a)
    print(out[0] == np.nanmax(a), out[1] == np.nanmin(a), out[2] == np.nanmax(a), out[3] == np.nanmin(a))
# -> True True True True
# -> True True True True

for t in (np.int32, np.int64):
    owner = np.full(5, -1, dtype=t)
    wins = np.zeros(2, dtype=t)
    claims[2, 32](owner, wins, 5)
    print(owner, wins[0])
# -> [0 1 2 3 4] 5
# -> [0 1 2 3 4] 5

flag = np.zeros(1, dtype=np.int32)
count = np.zeros(1, dtype=np.int32)
first[4, 64](flag, count)
print(flag, count)  # -> [7] [1]

counter = np.zeros(1, dtype=np.uint32)
seen = np.zeros(256, dtype=np.int32)
tickets[4, 64](counter, seen)
print(counter, seen.min(), seen.max())  # -> [256] 1 1
