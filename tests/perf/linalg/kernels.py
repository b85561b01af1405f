# Products of matrices and vectors, timed by the file itself: `kjit run kernels.py` and `python kernels.py` (Numba) print
# the same lines, "name size microseconds". run.py puts them side by side.
import time

import numpy as np
from numba import njit


@njit
def gemm(a, b, times):
    s = 0.0
    for _ in range(times):
        c = a @ b
        s += c[0, 0].real
    return s


@njit
def gemm_nt(a, b, times):
    s = 0.0
    for _ in range(times):
        c = a @ b.T
        s += c[0, 0].real
    return s


@njit
def gemm_tn(a, b, times):
    s = 0.0
    for _ in range(times):
        c = a.T @ b
        s += c[0, 0].real
    return s


@njit
def gemv(a, x, times):
    s = 0.0
    for _ in range(times):
        y = a @ x
        s += y[0].real
    return s


@njit
def gevm(a, x, times):
    s = 0.0
    for _ in range(times):
        y = x @ a
        s += y[0].real
    return s


@njit
def dot(a, x, times):
    s = 0.0
    for _ in range(times):
        s += (x @ x).real
    return s


def best(f, a, b, work):
    times = int(max(1, min(100000, 2e7 / work)))
    f(a, b, 1)
    least = 1e30
    for _ in range(5):
        start = time.perf_counter()
        f(a, b, times)
        least = min(least, (time.perf_counter() - start) / times)
    return least * 1e6


def matrices(name, f, kind, dtype):
    for n in (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 200, 400, 1000):
        a = np.ones((n, n), dtype)
        b = np.ones((n, n), dtype)
        print(name, kind, n, best(f, a, b, n * n * n + 200))


def vectors(name, f, kind, dtype):
    for n in (4, 8, 16, 32, 64, 128, 256, 512, 1000, 2000, 4000):
        a = np.ones((n, n), dtype)
        x = np.ones(n, dtype)
        print(name, kind, n, best(f, a, x, n * n + 200))


matrices("gemm", gemm, "f64", np.float64)
matrices("gemm", gemm, "f32", np.float32)
matrices("gemm", gemm, "c128", np.complex128)
matrices("gemm_nt", gemm_nt, "f64", np.float64)
matrices("gemm_tn", gemm_tn, "f64", np.float64)
vectors("gemv", gemv, "f64", np.float64)
vectors("gemv", gemv, "f32", np.float32)
vectors("gemv", gemv, "c128", np.complex128)
vectors("gevm", gevm, "f64", np.float64)
vectors("dot", dot, "f64", np.float64)
