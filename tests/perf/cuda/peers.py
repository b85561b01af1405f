"""What forms.py measures, by numba-cuda, CuPy and torch, as far as they are there: lines "program form milliseconds GB/s"."""
import math
import statistics
import time

import numpy as np

n, side = 1 << 28, 1 << 14
gb = 4e-9 * n
a = np.float32(0.5)


def measured(program, form, gigabytes, action, wait):
    try:
        action()
        wait()
        times = []
        for _ in range(7):
            start = time.perf_counter()
            action()
            wait()
            times.append(time.perf_counter() - start)
    except Exception as error:  # one program less
        print(f"# {program} {form}: {type(error).__name__}: {str(error)[:80]}", flush=True)
        return
    middle = statistics.median(times)
    print(f"{program:<14} {form:<12} {middle * 1e3:10.3f} {gigabytes / middle:8.0f}", flush=True)


def numba_cuda():
    np.row_stack, np.in1d, np.trapz = np.vstack, np.isin, np.trapezoid
    from numba import cuda, float32, vectorize

    @vectorize([float32(float32, float32, float32)], target="cuda")
    def axpy_v(a, x, y):
        return a * x + y

    @vectorize([float32(float32, float32, float32)], target="cuda")
    def call_v(s, k, t):
        rate, sigma, half, root = float32(0.05), float32(0.2), float32(0.5), float32(0.70710678)
        deviation = sigma * math.sqrt(t)
        d1 = (math.log(s / k) + (rate + half * sigma * sigma) * t) / deviation
        d2 = d1 - deviation
        below1 = half + half * math.erf(d1 * root)
        below2 = half + half * math.erf(d2 * root)
        return s * below1 - k * math.exp(-rate * t) * below2

    @cuda.jit
    def copy_k(x, y):
        i = cuda.grid(1)
        if i < y.size:
            y[i] = x[i]

    @cuda.jit
    def axpy_k(y, x, a):
        i = cuda.grid(1)
        if i < y.size:
            y[i] = a * x[i] + y[i]

    @cuda.jit
    def triad_k(a, x, y, z):
        i = cuda.grid(1)
        if i < z.size:
            z[i] = x[i] + a * y[i]

    @cuda.jit
    def stencil_k(a, b):
        j, i = cuda.grid(2)
        if 0 < i and i < a.shape[0] - 1 and 0 < j and j < a.shape[1] - 1:
            b[i, j] = float32(0.2) * (a[i, j] + a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])

    @cuda.jit
    def transpose_k(m, out):
        j, i = cuda.grid(2)
        if i < m.shape[0] and j < m.shape[1]:
            out[j, i] = m[i, j]

    @cuda.jit
    def rows_k(m, out):
        i = cuda.grid(1)
        if i < m.shape[0]:
            s = float32(0)
            for j in range(m.shape[1]):
                s += m[i, j]
            out[i] = s

    @cuda.reduce
    def add(x, y):
        return x + y

    wait = cuda.synchronize
    x, y, z, w = (cuda.device_array(n, np.float32) for _ in range(4))
    for array, first, period in ((x, 1.0, 7), (y, 1.0, 5), (z, 0.5, 3)):  # as forms.py fills them
        array.copy_to_device(np.resize(np.float32(first) + np.arange(period, dtype=np.float32), n))
    blocks, plane = n // 256, (side // 32, side // 8)
    measured("copy", "numba", 2 * gb, lambda: copy_k[blocks, 256](x, w), wait)
    measured("axpy", "numba-v", 3 * gb, lambda: axpy_v(a, x, y, out=w), wait)
    measured("axpy", "numba", 3 * gb, lambda: axpy_k[blocks, 256](w, x, a), wait)
    measured("triad", "numba", 3 * gb, lambda: triad_k[blocks, 256](a, x, y, w), wait)
    measured("black-scholes", "numba-v", 4 * gb, lambda: call_v(x, y, z, out=w), wait)
    m, o = x.reshape(side, side), w.reshape(side, side)
    line = cuda.device_array(side, np.float32)
    measured("stencil", "numba", 2 * gb, lambda: stencil_k[plane, (32, 8)](m, o), wait)
    measured("sum", "numba", gb, lambda: add(x), wait)
    measured("row-sums", "numba", gb, lambda: rows_k[side // 128, 128](m, line), wait)
    measured("transpose", "numba", 2 * gb, lambda: transpose_k[plane, (32, 8)](m, o), wait)
    few = 1 << 24
    p, q = np.ones(few, np.float32), np.ones(few, np.float32)
    measured("host arrays", "numba-v", 12e-9 * few, lambda: axpy_v(a, p, q), wait)


def cupy_forms():
    import cupy as cp

    wait = cp.cuda.Device().synchronize
    x, y, z = cp.ones(n, cp.float32), cp.ones(n, cp.float32), cp.ones(n, cp.float32)
    m, o = x.reshape(side, side), y.reshape(side, side)

    @cp.fuse()
    def triad(a, x, y):
        return x + a * y

    measured("copy", "cupy", 2 * gb, lambda: cp.copyto(y, x), wait)
    measured("axpy", "cupy", 3 * gb, lambda: triad(a, y, x), wait)
    measured("triad", "cupy", 3 * gb, lambda: triad(a, x, z), wait)
    measured("sum", "cupy", gb, lambda: x.sum(), wait)
    measured("row-sums", "cupy", gb, lambda: m.sum(axis=1), wait)
    measured("column-sums", "cupy", gb, lambda: m.sum(axis=0), wait)
    measured("transpose", "cupy", 2 * gb, lambda: cp.copyto(o, m.T), wait)


def torch_forms():
    import torch

    wait = torch.cuda.synchronize
    x, y, z = (torch.ones(n, dtype=torch.float32, device="cuda") for _ in range(3))
    m, o = x.reshape(side, side), y.reshape(side, side)
    measured("copy", "torch", 2 * gb, lambda: y.copy_(x), wait)
    measured("axpy", "torch", 3 * gb, lambda: y.add_(x, alpha=0.5), wait)
    measured("triad", "torch", 3 * gb, lambda: torch.add(x, z, alpha=0.5, out=y), wait)
    measured("sum", "torch", gb, lambda: x.sum(), wait)
    measured("row-sums", "torch", gb, lambda: m.sum(dim=1), wait)
    measured("column-sums", "torch", gb, lambda: m.sum(dim=0), wait)
    measured("transpose", "torch", 2 * gb, lambda: o.copy_(m.T), wait)


for forms in (numba_cuda, cupy_forms, torch_forms):
    try:
        forms()
    except Exception as error:  # not installed, or not for this device
        print(f"# {forms.__name__}: {type(error).__name__}: {str(error)[:120]}", flush=True)
