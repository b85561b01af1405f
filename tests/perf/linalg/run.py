#!/usr/bin/env python3
"""Products of matrices and vectors under kjit and under Numba, side by side, one thread each.

    run.py --kjit build/release/bin/kjit [--python PYTHON] [--rounds N]

PYTHON (default: this one) has numpy and numba. kernels.py times itself, under both in turn, N times (default 2); of each row the least time
counts. Prints microseconds and the ratio Numba / kjit for each size, and geometric means.
"""
import argparse
import math
import os
import pathlib
import subprocess
import sys

KERNELS = pathlib.Path(__file__).resolve().parent / "kernels.py"


def times(command, rows):
    environment = dict(os.environ, OPENBLAS_NUM_THREADS="1", NUMBA_NUM_THREADS="1")
    done = subprocess.run([*command, str(KERNELS)], stdout=subprocess.PIPE, text=True, env=environment, check=True)
    for line in done.stdout.splitlines():
        name, kind, size, microseconds = line.split()
        key = (name, kind, int(size))
        rows[key] = min(rows.get(key, math.inf), float(microseconds))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--rounds", type=int, default=2)
    options = parser.parse_args()
    ours, peer = {}, {}
    for _ in range(options.rounds):
        times([options.kjit, "run"], ours)
        times([options.python], peer)
    groups = {}
    print(f"{'product':10}{'type':6}{'size':>6}{'kjit us':>14}{'numba us':>14}{'ratio':>8}")
    for key, mine in ours.items():
        ratio = peer[key] / mine
        groups.setdefault(key[:2], []).append(ratio)
        print(f"{key[0]:10}{key[1]:6}{key[2]:6}{mine:14.3f}{peer[key]:14.3f}{ratio:8.2f}")
    for (name, kind), ratios in groups.items():
        mean = math.exp(sum(map(math.log, ratios)) / len(ratios))
        print(f"{name:10}{kind:6}{'mean':>6}{'':28}{mean:8.2f}   least {min(ratios):.2f}")


if __name__ == "__main__":
    main()
