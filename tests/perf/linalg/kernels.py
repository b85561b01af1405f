# Products of matrices and vectors, timed by the file itself: `kjit run kernels.py` and `python kernels.py` (Numba) print
# the same lines, "name type size microseconds". run.py puts them side by side.
import time

import numpy as np
from numba import njit


@njit
def gemm(a, b):
    return (a @ b)[0, 0].real


@njit
def gemm_nt(a, b):
    return (a @ b.T)[0, 0].real


@njit
def gemm_tn(a, b):
    return (a.T @ b)[0, 0].real


@njit
def syrk(a, b):
    return (a @ a.T)[0, 0].real


@njit
def cov(a, b):
    return np.cov(a)[0, 0]


@njit
def gemv(a, x):
    return (a @ x)[0].real


@njit
def gevm(a, x):
    return (x @ a)[0].real


@njit
def both(a, x):
    y = a @ x
    return (y @ a)[0].real


@njit
def dot(a, x):
    return (x @ x).real


@njit
def repeated(f, a, b, times):
    s = 0.0
    for _ in range(times):
        s += f(a, b)
    return s


def best(f, a, b, work):
    times = int(max(1, min(100000, 2e7 / work)))
    repeated(f, a, b, 1)
    least = 1e30
    for _ in range(5):
        start = time.perf_counter()
        repeated(f, a, b, times)
        least = min(least, (time.perf_counter() - start) / times)
    return least * 1e6


MATRICES = (2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 100, 200, 400, 1000)
LINES = (4, 8, 16, 32, 64, 128, 256, 512, 1000, 2000, 4000)


def matrices(name, f, kind, dtype):
    for n in MATRICES:
        a = np.ones((n, n), dtype)
        print(name, kind, n, best(f, a, a.copy(), n * n * n + 200))


def vectors(name, f, kind, dtype):
    for n in LINES:
        a = np.ones((n, n), dtype)
        print(name, kind, n, best(f, a, np.ones(n, dtype), (n if name == "dot" else n * n) + 200))


for kind, dtype in (("f64", np.float64), ("f32", np.float32), ("c128", np.complex128)):
    matrices("gemm", gemm, kind, dtype)
    vectors("gemv", gemv, kind, dtype)
    vectors("gevm", gevm, kind, dtype)
for name, f in (("gemm_nt", gemm_nt), ("gemm_tn", gemm_tn), ("syrk", syrk), ("cov", cov)):
    matrices(name, f, "f64", np.float64)
for name, f in (("both", both), ("dot", dot)):
    vectors(name, f, "f64", np.float64)
