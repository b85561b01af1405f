# Threads: masks, numbers of threads, chunk sizes; in kernels and at the top level.
# flags: --threads 16
# only: kjit
import numpy as np
import numba
from numba import get_num_threads, get_parallel_chunksize, get_thread_id, njit, parallel_chunksize, prange, set_num_threads, set_parallel_chunksize

print(get_num_threads())  # -> 16
set_num_threads(2)
print(get_num_threads(), get_thread_id())  # -> 2 0


@njit
def masked(n):
    before = get_num_threads()
    set_num_threads(n)
    return before, numba.get_num_threads()


print(masked(3))  # -> (2, 3)
print(get_num_threads())  # -> 3


@njit(parallel=True)
def threads(ids, counts):
    for i in prange(ids.size):
        s = 0.0
        for k in range(200):
            s += np.sqrt(k + i)
        ids[i] = get_thread_id() + 0 * int(s)
        counts[i] = get_num_threads()


ids = np.full(5000, -1)
counts = np.zeros(5000, dtype=np.int64)
threads(ids, counts)
print(ids.min() >= 0, ids.max() < 3, counts.min(), counts.max())  # -> True True 3 3


@njit(parallel=True)
def total(x):
    s = 0.0
    for i in prange(x.size):
        s += np.sin(x[i])
    return s


@njit(parallel=True)
def sized(x, n):
    s = 0
    with numba.parallel_chunksize(n):
        inside = get_parallel_chunksize()
        for i in prange(x.size):
            s += i
        with parallel_chunksize(n * 2):
            deeper = get_parallel_chunksize()
            for i in range(3):
                if i == 1:
                    break
        again = get_parallel_chunksize()
    return s, inside, deeper, again, get_parallel_chunksize()


print(sized(np.zeros(100000), 64))  # -> (4999950000, 64, 128, 64, 0)
with parallel_chunksize(5):
    print(get_parallel_chunksize())  # -> 5
print(get_parallel_chunksize())  # -> 0


@njit(parallel=True)
def darts(n, out):
    hits = 0
    for i in prange(n):
        x = np.random.random()
        y = np.random.normal(0.5, 0.25)
        out[i] = x + y
        if x * x + y * y < 1:
            hits += 1
    return hits, np.random.random()


x = np.linspace(0, 100, 100000)
results = []
for n in (1, 2, 3, 7, 16):
    set_num_threads(n)
    np.random.seed(3)
    out = np.zeros(20000)
    results.append((total(x), darts(20000, out), out.sum(), out[7], out[19999]))
for other in results:
    print(other == results[0])
# -> True
# -> True
# -> True
# -> True
# -> True

print(set_parallel_chunksize(100), get_parallel_chunksize())  # -> 0 100
print(total(x) == results[0][0], set_parallel_chunksize(0))  # -> True 100


@njit
def chunked(n):
    return set_parallel_chunksize(n)


print(chunked(7), get_parallel_chunksize())  # -> 0 7
