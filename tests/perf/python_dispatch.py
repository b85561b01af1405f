#!/usr/bin/env python3
"""What a call of a compiled kernel costs from Python, kjit and Numba side by side in one process.

    PYTHONPATH=build/release/python .cache/venv/bin/python tests/perf/python_dispatch.py [--repeat N]

The kernels do next to nothing. Times are the best of N rounds, in nanoseconds a call, rounds of both taken in turn. kjit lets other
threads run during a call; Numba does so with nogil=True only, so that is measured too.
"""
import argparse
import time

import numba
import numpy as np

import kjit

ROUND = 20000


def nothing():
    pass


def add(a, b):
    return a + b


def first(x):
    return x[0]


def store(x, y, z, w, k):
    x[0] = k


def matrix(a, b):
    return a[0, 0] + b[0, 0]


def view(x):
    return x[1:]


def new(n):
    return np.empty(n)


def cases():
    x = np.ones(4)
    m = np.ones((3, 3))
    return [(nothing, ()), (add, (1, 2)), (add, (1.5, 2.5)), (first, (x,)), (store, (x, x, x, x, 2.0)), (matrix, (m, m)), (view, (x,)), (new, (3,))]


def loop(function, arguments):
    start = time.perf_counter()
    for _ in range(ROUND):
        function(*arguments)
    return (time.perf_counter() - start) / ROUND * 1e9


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=15)
    options = parser.parse_args()
    print(f"{'kernel':24}{'kjit ns':>9}{'Numba ns':>10}{'Numba nogil':>13}{'kjit / Numba':>14}")
    for function, arguments in cases():
        sides = [kjit.njit(function), numba.njit(function), numba.njit(nogil=True)(function)]
        best = [float("inf")] * len(sides)
        for side in sides:
            side(*arguments)
        for _ in range(options.repeat):
            best = [min(b, loop(side, arguments)) for b, side in zip(best, sides)]
        name = f"{function.__name__}({', '.join(type(a).__name__ for a in arguments)})".replace("ndarray", "array")
        print(f"{name:24}{best[0]:9.0f}{best[1]:10.0f}{best[2]:13.0f}{best[0] / best[1]:14.2f}")


if __name__ == "__main__":
    main()
