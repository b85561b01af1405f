# Kernels that do nothing but move 1 GiB arrays of float32: GB/s of what kjit compiles, and the time of a launch from a script.
import time

import numpy as np
from numba import cuda


@cuda.jit
def copy(y, x):
    i = cuda.grid(1)
    if i < y.size:
        y[i] = x[i]


@cuda.jit
def axpy(y, x, a):
    i = cuda.grid(1)
    if i < y.size:
        y[i] = a * x[i] + y[i]


@cuda.jit
def triad(y, x, z, a):
    for i in range(cuda.grid(1), y.size, cuda.gridsize(1)):
        y[i] = x[i] + a * z[i]


@cuda.jit
def idle(y):
    pass


n = 1 << 28
x, y, z = cuda.device_array(n, np.float32), cuda.device_array(n, np.float32), cuda.device_array(n, np.float32)
a = np.float32(0.5)


def rate(name, arrays, launch):
    launch()
    cuda.synchronize()
    best = 1e9
    for _ in range(10):
        start = time.perf_counter()
        for _ in range(10):
            launch()
        cuda.synchronize()
        best = min(best, (time.perf_counter() - start) / 10)
    print(f"{name:<24} {arrays * 4 * n / best * 1e-9:10.0f}")


def copies():
    copy[n // 256, 256](y, x)


def axpys():
    axpy[n // 256, 256](y, x, a)


def triads():
    triad[4096, 256](y, x, z, a)


rate("copy, kjit", 2, copies)
rate("axpy, kjit", 3, axpys)
rate("triad, kjit", 3, triads)
small = cuda.device_array(32)
idle[1, 32](small)
cuda.synchronize()
start = time.perf_counter()
for _ in range(1000):
    idle[1, 32](small)
print(f"{'launch in a script, us':<24} {(time.perf_counter() - start) * 1e3:10.2f}")
cuda.synchronize()
