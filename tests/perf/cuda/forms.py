# Streaming programs over 1 GiB of float32 in the forms that kjit compiles: @vectorize(target='cuda'), @njit(parallel=True,
# target='cuda'), and explicit kernels. Lines "program form milliseconds GB/s" for tools/gpu; peers.py prints the same.
import math
import time

import numpy as np
from numba import cuda, njit, prange, vectorize

n = 1 << 28
side = 1 << 14


@vectorize(target="cuda")
def axpy_v(a, x, y):
    return a * x + y


@vectorize(target="cuda")
def call_v(s, k, t):
    rate = np.float32(0.05)
    sigma = np.float32(0.2)
    half = np.float32(0.5)
    root = np.float32(0.70710678)
    deviation = sigma * math.sqrt(t)
    d1 = (math.log(s / k) + (rate + half * sigma * sigma) * t) / deviation
    d2 = d1 - deviation
    below1 = half + half * math.erf(d1 * root)
    below2 = half + half * math.erf(d2 * root)
    return s * below1 - k * math.exp(-rate * t) * below2


@njit(parallel=True, target="cuda")
def axpy_p(a, x, y):
    for i in prange(x.size):
        y[i] = a * x[i] + y[i]


@njit(parallel=True, target="cuda")
def triad_p(a, x, y, z):
    z[:] = x + a * y


@njit(parallel=True, target="cuda")
def copy_p(x, y):
    y[:] = x


@njit(parallel=True, target="cuda")
def black_scholes_p(s, k, t, call):
    rate = np.float32(0.05)
    sigma = np.float32(0.2)
    half = np.float32(0.5)
    root = np.float32(0.70710678)
    for i in prange(s.size):
        deviation = sigma * math.sqrt(t[i])
        d1 = (math.log(s[i] / k[i]) + (rate + half * sigma * sigma) * t[i]) / deviation
        d2 = d1 - deviation
        below1 = half + half * math.erf(d1 * root)
        below2 = half + half * math.erf(d2 * root)
        call[i] = s[i] * below1 - k[i] * math.exp(-rate * t[i]) * below2


@njit(parallel=True, target="cuda")
def stencil_p(a, b):
    c = np.float32(0.2)
    for i in prange(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            b[i, j] = c * (a[i, j] + a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


@njit(parallel=True, target="cuda")
def sum_p(x):
    return x.sum()


@njit(parallel=True, target="cuda")
def rows_p(m):
    return m.sum(axis=1)


@njit(parallel=True, target="cuda")
def columns_p(m):
    return m.sum(axis=0)


@njit(parallel=True, target="cuda")
def transpose_p(m, out):
    out[:, :] = m.T


@cuda.jit
def axpy_k(y, x, a):
    i = cuda.grid(1)
    if i < y.size:
        y[i] = a * x[i] + y[i]


@cuda.jit
def stencil_k(a, b):
    j, i = cuda.grid(2)
    if 0 < i and i < a.shape[0] - 1 and 0 < j and j < a.shape[1] - 1:
        b[i, j] = np.float32(0.2) * (a[i, j] + a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])


def measured(program, form, gigabytes, action):
    action()
    cuda.synchronize()
    times = []
    for _ in range(7):
        start = time.perf_counter()
        action()
        cuda.synchronize()
        times.append(time.perf_counter() - start)
    middle = sorted(times)[3]
    print(f"{program:<14} {form:<12} {middle * 1e3:10.3f} {gigabytes / middle:8.0f}")


x, y, z = cuda.device_array(n, np.float32), cuda.device_array(n, np.float32), cuda.device_array(n, np.float32)
w = cuda.device_array(n, np.float32)
a = np.float32(0.5)
gb = 4e-9 * n


@njit(parallel=True, target="cuda")
def fill(x, y, z):
    for i in prange(x.size):
        x[i] = np.float32(1 + i % 7)
        y[i] = np.float32(1 + i % 5)
        z[i] = np.float32(0.5) + np.float32(i % 3)


fill(x, y, z)
m, o = cuda.device_array((side, side), np.float32), cuda.device_array((side, side), np.float32)
copy_p(cuda.device_array((side, side), np.float32), m)
blocks = (side // 32, side // 8)

measured("copy", "parallel", 2 * gb, lambda: copy_p(x, w))
measured("axpy", "vectorize", 3 * gb, lambda: axpy_v(a, x, y, w))
measured("axpy", "parallel", 3 * gb, lambda: axpy_p(a, x, w))
measured("axpy", "kernel", 3 * gb, lambda: axpy_k[n // 256, 256](w, x, a))
measured("triad", "parallel", 3 * gb, lambda: triad_p(a, x, y, w))
measured("black-scholes", "vectorize", 4 * gb, lambda: call_v(x, y, z, w))
measured("black-scholes", "parallel", 4 * gb, lambda: black_scholes_p(x, y, z, w))
measured("stencil", "parallel", 2 * gb, lambda: stencil_p(m, o))
measured("stencil", "kernel", 2 * gb, lambda: stencil_k[blocks, (32, 8)](m, o))
measured("sum", "parallel", gb, lambda: sum_p(x))
measured("row-sums", "parallel", gb, lambda: rows_p(m))
measured("column-sums", "parallel", gb, lambda: columns_p(m))
measured("transpose", "parallel", 2 * gb, lambda: transpose_p(m, o))

few = 1 << 24
p, q = np.ones(few, np.float32), np.ones(few, np.float32)
measured("host arrays", "vectorize", 12e-9 * few, lambda: axpy_v(a, p, q))
