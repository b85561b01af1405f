#!/usr/bin/env python3
"""What a launch of a kernel costs from Python.

    KJIT_LIBCUDA=build/release/lib/libkjit_fake_cuda.so PYTHONPATH=build/release/python .cache/venv/bin/python tests/perf/python_launch.py

With the tests' own driver, which does nothing, this is kjit's part; without KJIT_LIBCUDA a GPU's driver has its part in it. Times are
the best of 5 rounds, in microseconds a launch.
"""
import time

import numpy as np

from kjit import cuda

ROUND = 20000


@cuda.jit
def none():
    pass


@cuda.jit
def one(a):
    pass


@cuda.jit
def eight(a, b, c, d, e, f, g, h):
    pass


@cuda.jit
def sixteen(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p):
    pass


def microseconds(launch, arguments):
    best = float("inf")
    launch(*arguments)
    for _ in range(5):
        cuda.synchronize()
        begin = time.perf_counter()
        for _ in range(ROUND):
            launch(*arguments)
        best = min(best, time.perf_counter() - begin)
    cuda.synchronize()
    return best / ROUND * 1e6


def main():
    array = cuda.to_device(np.zeros(100, np.float32))
    print(f"{'arrays':>8} {'launch':>8} {'kernel[1, 1] too':>18}")
    for kernel, count in ((none, 0), (one, 1), (eight, 8), (sixteen, 16)):
        arguments = [array] * count
        configured = microseconds(kernel[1, 1], arguments)
        print(f"{count:8} {configured:8.2f} {microseconds(lambda *a: kernel[1, 1](*a), arguments):18.2f}")  # noqa: B023


if __name__ == "__main__":
    main()
