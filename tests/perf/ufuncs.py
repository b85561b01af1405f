#!/usr/bin/env python3
"""@vectorize exp(a) * sin(b) over float32 arrays: kjit's targets beside Numba's and NumPy, in one process.

    PYTHONPATH=build/release/python .cache/venv/bin/python tests/perf/ufuncs.py [--size N] [--repeat N]

Each once into an array that is there (out=) and once into a new one. Times are the best of N rounds, taken in turn, in milliseconds.
"""
import argparse
import time

import numba
import numpy as np

import kjit

SIGNATURE = ["float32(float32, float32)"]


def wave(a, b):
    return np.exp(a) * np.sin(b)


def measured(calls, repeat):
    best = dict.fromkeys(calls, float("inf"))
    for name, call in calls.items():
        call()
    for _ in range(repeat):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1 << 24)
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    a = np.linspace(-3.0, 3.0, options.size, dtype=np.float32)
    b = np.linspace(-9.0, 9.0, options.size, dtype=np.float32)
    out = np.empty_like(a)
    temporary = np.empty_like(a)
    ufuncs = {f"{package.__name__} {target}": package.vectorize(SIGNATURE, target=target)(wave)
              for package in (kjit, numba) for target in ("cpu", "parallel")}
    ufuncs["kjit cpu fastmath"] = kjit.vectorize(SIGNATURE, fastmath=True)(wave)
    ufuncs["numba cpu fastmath"] = numba.vectorize(SIGNATURE, fastmath=True)(wave)
    with_out = {name: (lambda f=f: f(a, b, out=out)) for name, f in ufuncs.items()}
    with_out["numpy"] = lambda: np.multiply(np.exp(a, out=out), np.sin(b, out=temporary), out=out)
    new = {name: (lambda f=f: f(a, b)) for name, f in ufuncs.items()}
    new["numpy"] = lambda: np.exp(a) * np.sin(b)
    for name, f in ufuncs.items():
        np.testing.assert_allclose(f(a, b), wave(a, b), rtol=2e-5, atol=1e-5, err_msg=name)
    times = measured(with_out, options.repeat), measured(new, options.repeat)
    print(f"{options.size} elements, milliseconds    out=      new")
    for name in with_out:
        print(f"{name:28} {times[0][name] * 1e3:9.2f} {times[1][name] * 1e3:9.2f}")
    for mode, t in zip(("out=", "new"), times):
        print(f"{mode:5} kjit cpu / numba cpu {t['numba cpu'] / t['kjit cpu']:.2f}, kjit parallel / numba parallel "
              f"{t['numba parallel'] / t['kjit parallel']:.2f}, kjit cpu / numpy {t['numpy'] / t['kjit cpu']:.2f} (times as fast)")


if __name__ == "__main__":
    main()
