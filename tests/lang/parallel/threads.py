# Threads: masks, numbers of threads, chunk sizes; in kernels and at the top level.
# flags: --threads 4
# only: kjit
import numpy as np
import numba
from numba import get_num_threads, get_parallel_chunksize, get_thread_id, njit, prange, set_num_threads, set_parallel_chunksize

print(get_num_threads())  # -> 4
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


x = np.linspace(0, 100, 100000)
results = []
for n in (1, 2, 3, 4):
    set_num_threads(n)
    results.append(total(x))
print(results[0] == results[1] == results[2] == results[3])  # -> True

print(set_parallel_chunksize(100), get_parallel_chunksize())  # -> 0 100
print(total(x) == results[0], set_parallel_chunksize(0))  # -> True 100


@njit
def chunked(n):
    return set_parallel_chunksize(n)


print(chunked(7), get_parallel_chunksize())  # -> 0 7
