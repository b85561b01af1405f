#!/usr/bin/env python3
"""What `parallel=True` gains or loses at each size: the serial form's time over the parallel one's, in one process, by medians of rounds.

    PYTHONPATH=build/release/python .cache/venv/bin/python tests/perf/thread_sweep.py [--threads N] [--repeat N] [--below 0.95] [--gap US] [--only NAMES]

Kernels of one statement and nests of loops, two loops in a row that share a region (`neighbours`) and the same with a store between them (`apart`), over sizes from 100 to a million elements. Both forms are called in turn, each so often in a round that
it lasts a millisecond or more. `--gap`: so many microseconds of other work before each call, so that threads are no longer awake (calls are then
timed one by one). Prints a table; at its end the rows below `--below`. Exit status: 1 where there are some.
"""
import argparse
import statistics
import sys
import time

import numpy as np

import kjit

KERNELS = {
    "exp": "    b[:] = np.exp(a)\n",
    "axpy": "    b[:] = 2.5 * a + b\n",
    "sum": "    return a.sum()\n",
    "norm": "    return np.sqrt((a * a).sum())\n",
    "stencil": "    b[1:-1] = 0.25 * (a[:-2] + 2.0 * a[1:-1] + a[2:])\n",
    "loop": "    for i in prange(a.size):\n        b[i] = np.sqrt(a[i] * 3.0) + 1.0\n",
    "fold": "    s = 0.0\n    for i in prange(a.size):\n        s += a[i] * b[i]\n    return s\n",
    "nest": "    m = a.reshape(10, -1)\n    c = b.reshape(10, -1)\n    for i in prange(m.shape[0]):\n        for j in range(m.shape[1]):\n            c[i, j] = m[i, j] * 2.0 + 1.0\n",
    "rows": "    m = a.reshape(-1, 10)\n    for i in prange(m.shape[0]):\n        b[i] = m[i, 0] - m[i, 9] / (1.0 + m[i, 5])\n",
    "heat": "    m = a.reshape(10, -1)\n    c = b.reshape(10, -1)\n    c[1:-1, 1:-1] = 0.2 * (m[1:-1, 1:-1] + m[:-2, 1:-1] + m[2:, 1:-1] + m[1:-1, :-2] + m[1:-1, 2:])\n",
    "steps": "    for t in range(4):\n        b[1:-1] = 0.5 * (a[:-2] + a[2:])\n        a[1:-1] = 0.5 * (b[:-2] + b[2:])\n",
    "neighbours": "    for t in range(4):\n        for i in prange(a.size):\n            b[i] = np.sqrt(a[i] * 3.0) + b[i]\n        for i in prange(a.size):\n            a[i] = np.sqrt(b[i] + a[i])\n",
    "apart": "    for t in range(4):\n        for i in prange(a.size):\n            b[i] = np.sqrt(a[i] * 3.0) + b[i]\n        b[0] = 1.0\n        for i in prange(a.size):\n            a[i] = np.sqrt(b[i] + a[i])\n",
    "mean": "    m = a.reshape(4, -1)\n    return m.mean(axis=1).max()\n",
    "branch": "    s = 0.0\n    for i in prange(a.size):\n        if a[i] > 0.5:\n            s += np.sqrt(a[i])\n    return s\n",
}
SIZES = (100, 300, 1000, 3000, 10_000, 30_000, 100_000, 300_000, 1_000_000)


def forms(name):
    text = f"import numpy as np\nfrom numba import njit, prange\n\n\n@njit\ndef serial(a, b):\n{KERNELS[name]}\n\n@njit(parallel=True)\ndef parallel(a, b):\n{KERNELS[name]}"
    module = kjit.compile(text)
    return module.serial, module.parallel


def spun(microseconds):
    end = time.perf_counter() + microseconds * 1e-6
    while time.perf_counter() < end:
        pass


def ratio(name, size, options):
    functions = forms(name)
    operands = [(np.linspace(0.1, 1.0, size), np.ones(size)) for _ in functions]
    for f, (a, b) in zip(functions, operands):
        for _ in range(3):
            f(a, b)
    start = time.perf_counter()
    functions[0](*operands[0])
    each = time.perf_counter() - start
    count = 1 if options.gap else max(1, round(2e-3 / max(each, 1e-7)))
    times = [[], []]
    for _ in range(options.repeat * (20 if options.gap else 1)):
        for k, f in enumerate(functions):
            a, b = operands[k]
            if options.gap:
                spun(options.gap)
            start = time.perf_counter()
            for _ in range(count):
                f(a, b)
            times[k].append((time.perf_counter() - start) / count)
    serial, parallel = (statistics.median(t) for t in times)
    return serial, serial / parallel, min(times[0]) / min(times[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--below", type=float, default=0.95)
    parser.add_argument("--gap", type=float, default=0)
    parser.add_argument("--only", nargs="*", default=list(KERNELS))
    options = parser.parse_args()
    kjit.set_num_threads(options.threads)
    low = []
    print(f"serial / parallel, {options.threads} threads: of medians (of the best)\n{'':10}" + "".join(f"{size:>16}" for size in SIZES))
    for name in options.only:
        cells = []
        for size in SIZES:
            serial, median, best = ratio(name, size, options)
            cells.append(f"{median:9.2f} ({best:.2f})")
            if median < options.below:
                low.append(f"{name} over {size}: {median:.2f} (best {best:.2f}), serial {serial * 1e6:.1f} us")
        print(f"{name:10}" + "".join(f"{cell:>16}" for cell in cells), flush=True)
    print("\n".join(low) or f"none below {options.below}")
    sys.exit(1 if low else 0)


if __name__ == "__main__":
    main()
