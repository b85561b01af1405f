#!/usr/bin/env python3
"""An example prints the same under kjit as under CPython with NumPy and Numba, timings apart.

    run.py KJIT EXAMPLE.py

CPython is that of .cache/venv, or the one this runs under when it has Numba. Exit status: 0 the same, 1 a difference, 77 there is
no Numba here (then kjit has run the example without an error).
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def without_timings(text):
    return re.sub(r" *[0-9.]+ (ms|s|us|x)\b", r" # \1", text).splitlines()


def output(command):
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=240)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return without_timings(done.stdout)


def oracle():
    for python in (ROOT / ".cache/venv/bin/python", pathlib.Path(sys.executable)):
        if python.exists() and subprocess.run([python, "-c", "import numba"], capture_output=True).returncode == 0:
            return python
    return None


def main():
    kjit, example = sys.argv[1:]
    got = output([kjit, "run", example])
    python = oracle()
    if not python:
        print("no Numba here to compare with")
        sys.exit(1 if os.environ.get("KJIT_TESTS_COMPLETE") else 77)
    want = output([python, example])
    if got != want:
        print("\n".join(difflib.unified_diff(want, got, "python", "kjit", lineterm="")))
        sys.exit(1)


if __name__ == "__main__":
    main()
