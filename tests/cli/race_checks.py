#!/usr/bin/env python3
"""race_checks.py KJIT: a kjit built for ThreadSanitizer sees races of generated code, at -O0 and -O3, and none where there is none."""
import pathlib
import subprocess
import sys
import tempfile

KERNEL = """import numpy as np
from numba import njit, prange

@njit(parallel=True)
def f(a, n):
    for i in prange(n):
        x = i * 1.0
        for q in range(20):
            x = np.sqrt(x * x + 1.0)
        %s

a = np.zeros(200001)
f(a, 200000)
print(a.sum() > 0)
"""
RACY = "a[0] = a[1] * 0.5 + x", "a[i % 100] = x", "a[i + 1] = a[i] + x"
SOUND = "a[i] = x", "a[i] = a[200000] + x", "a[2:4] += x"


def main():
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "kernel.py"
        for statement in RACY + SOUND:
            path.write_text(KERNEL % statement)
            for level in "-O0", "-O3":
                run = subprocess.run([sys.argv[1], "run", level, "--races=ignore", "--threads", "4", path], capture_output=True, text=True, timeout=300)
                seen = "ThreadSanitizer: data race" in run.stderr
                right = seen and run.returncode != 0 if statement in RACY else run.returncode == 0 and run.stdout == "True\n" and not seen
                if not right:
                    wrong += 1
                    print(f"{statement} at {level}: exit status {run.returncode}, {'a' if seen else 'no'} race\n{run.stderr[-3000:]}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
