#!/usr/bin/env python3
"""Compares every scalar built-in of kjit with CPython and NumPy: dtypes, values, special values.

    run.py --kjit build/release/bin/kjit [--only REGEX] [--keep FOLDER]

Kernels are generated from table.py, run by kjit, and run again as plain Python on NumPy scalars. Differences that
lang-spec lists are known here: float16 loops are float32, operators widen integers, what raises in Python gives nan or inf.
Exit status: 0 all right, 1 a difference, 77 there is no NumPy to compare with.
"""
import argparse
import itertools
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import warnings

ROOT = pathlib.Path(__file__).resolve().parents[3]
try:
    import numpy as np
except ImportError:
    python = ROOT / ".cache/venv/bin/python"
    if python.exists() and pathlib.Path(sys.executable) != python:
        sys.exit(subprocess.run([str(python), *sys.argv]).returncode)
    print("no NumPy to compare with: run tools/setup --tests")
    sys.exit(1 if os.environ.get("KJIT_TESTS_COMPLETE") else 77)
import cmath  # noqa: F401  used by the expressions
import math  # noqa: F401

import table

warnings.simplefilter("ignore")
np.seterr(all="ignore")

DTYPES = {"b": ["?"], "i": ["i1", "i2", "i4", "i8"], "u": ["u1", "u2", "u4", "u8"], "f": ["f4", "f8"], "c": ["c8", "c16"]}
CHUNK = 100  # kernels of one script
MIXED = [("i1", "u2"), ("i4", "f4"), ("i2", "f4"), ("i8", "u8"), ("f4", "f8"), ("u4", "i8"), ("f4", "c8"), ("f8", "c8"),
         ("?", "i4"), ("?", "f4"), ("u8", "i1")]


def values(dtype):
    dt = np.dtype(dtype)
    if dt.kind == "b":
        return np.array([True, False])
    if dt.kind in "iu":
        info = np.iinfo(dt)
        wanted = [1, 0, 2, 3, 5, 7, 10, 15, 25, 100, -1, -2, -3, -7, -15, -25, info.max, info.min, info.max - 1]
        return np.array([v for v in wanted if info.min <= v <= info.max], dt)
    real = np.dtype("f4") if dtype in ("f4", "c8") else np.dtype("f8")
    info = np.finfo(real)
    reals = [0.5, 0.0, -0.0, 1, -1, -0.5, 1.5, 2.5, -2.5, 3.7, -3.7, 0.15, 2.675, 1e-10, 1e10, -1e10, 123.456, np.inf, -np.inf,
             np.nan, info.max, -info.max, info.tiny, info.smallest_subnormal]
    if dt.kind == "f":
        return np.array(reals, dt)
    parts = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 30.0, np.inf, -np.inf, np.nan]
    return np.array([complex(0.5, 0.25)] + [complex(a, b) for a in parts for b in parts], dt)


class Case:
    def __init__(self, expression, dtypes, tolerance):
        self.expression, self.dtypes, self.tolerance = expression, dtypes, tolerance
        arrays = [values(d) for d in dtypes]
        if len(arrays) == 2:
            pairs = list(itertools.product(arrays[0], arrays[1]))
            arrays = [np.array([p[k] for p in pairs], dtypes[k]) for k in (0, 1)]
        self.arrays = arrays
        self.compiled = compile(expression, "<case>", "eval")

    def name(self):
        return f"{self.expression} of {', '.join(str(np.dtype(d)) for d in self.dtypes)}"

    def evaluate(self, args):
        scope = dict(zip("xy", args))
        return eval(self.compiled, {"np": np, "math": math, "cmath": cmath, "abs": abs, "round": round, "max": max,
                                    "min": min, "divmod": divmod, "complex": complex}, scope)

    def oracle(self):
        """The wanted values and dtype; a mask of those that Python refuses."""
        arrays = self.arrays
        python = not self.expression.startswith("np.")
        if python and re.match(r"divmod", self.expression):  # operators widen
            arrays = [a.astype(np.int64) if a.dtype.kind == "i" else a for a in arrays]
        results, valid = [], []
        for args in zip(*arrays):
            try:
                results.append(self.evaluate(args))
                valid.append(True)
            except (ValueError, OverflowError, ZeroDivisionError):
                results.append(None)
                valid.append(False)
        good = [r for r in results if r is not None]
        if not good:
            return None, None
        dtype = np.asarray(good[0]).dtype
        if dtype == np.float16:
            wide = [a.astype(np.float32) if a.dtype.itemsize == 1 else a for a in arrays]
            results = [self.evaluate(args) for args in zip(*wide)]
            dtype = np.dtype("f4")
        unsigned = any(a.dtype == np.uint64 for a in arrays)
        if type(good[0]) is int:  # kjit's own int has 64 bits
            valid = [v and (0 <= r < 2**64 if unsigned else -2**63 <= r < 2**63) for r, v in zip(results, valid)]
            dtype = np.dtype("u8") if unsigned else dtype
        first = next(r for r, v in zip(results, valid) if v)
        want = [r if v else first for r, v in zip(results, valid)]
        want = np.array(want, dtype) if type(first) is int else np.array(want)
        return want.astype(dtype) if want.dtype != object else want, np.array(valid)


def cases():
    def kinds_to_dtypes(kinds):
        return [d for k in kinds for d in DTYPES[k]]

    for name, (kinds, tolerance) in table.NUMPY_1.items():
        for d in kinds_to_dtypes(kinds):
            yield Case(f"np.{name}(x)", [d], tolerance)
    for expression, kinds, tolerance in table.EXPRESSIONS_1:
        for d in kinds_to_dtypes(kinds):
            yield Case(expression, [d], tolerance)
    both = [(f"np.{n}(x, y)", k, t) for n, (k, t) in table.NUMPY_2.items()] + table.EXPRESSIONS_2
    for expression, kinds, tolerance in both:
        pairs = [(d, d) for d in kinds_to_dtypes(kinds)]
        if expression.startswith("np."):
            pairs += [p for p in MIXED if all(np.dtype(d).kind in kinds for d in p)]
        for pair in pairs:
            yield Case(expression, list(pair), tolerance)


def usable(case):
    """Leaves out what NumPy refuses, and pairs that raise in every case."""
    name = case.expression
    keep = np.ones(case.arrays[0].size, bool)
    if len(case.arrays) == 2 and np.dtype(case.dtypes[1]).kind == "i":
        if re.search(r"power|pow\(", name) and np.dtype(case.dtypes[0]).kind in "biu":
            keep = case.arrays[1] >= 0
        if "shift" in name:
            keep = case.arrays[1] >= 0
    if re.match(r"(divmod|math\.fmod)\(", name):
        keep = case.arrays[1] != 0
    if name.startswith("round(x)") or name.startswith("math.isqrt"):
        keep = np.isfinite(case.arrays[0]) & (np.abs(case.arrays[0].astype("f8")) < 1e18)
        if "isqrt" in name:
            keep &= case.arrays[0] >= 0
    if name == "np.round(x, -1)" and np.dtype(case.dtypes[0]).kind in "iu":  # NumPy overflows near the limits
        keep = np.abs(case.arrays[0].astype("f8")) < 0.9 * np.iinfo(case.dtypes[0]).max
    if re.match(r"np\.(power|pow)\(x, y", name):  # NumPy takes roots of minus infinity
        keep = keep & ~np.isneginf(case.arrays[0].astype("f8"))
    case.arrays = [a[keep] for a in case.arrays]
    if case.arrays[0].size == 0:
        return False
    try:
        want, valid = case.oracle()
    except TypeError:
        return False
    if want is None or want.dtype == object:
        return False
    # The first element gives the result array its dtype: it has to be one that Python takes.
    order = np.argsort(~valid, kind="stable")
    case.arrays = [a[order] for a in case.arrays]
    case.want, case.valid = want[order], valid[order]
    return True


def ulps(got, want):
    """Distance in units of the last place of `want`; complex numbers by magnitude."""
    eps = np.finfo(want.dtype).eps
    smallest = np.finfo(want.real.dtype).tiny
    with np.errstate(all="ignore"):
        distance = np.abs(got.astype("c16" if want.dtype.kind == "c" else "f8") - want)
        return distance / (np.maximum(np.abs(want), smallest) * eps)


def wrong(case, got):
    want, valid = case.want, case.valid
    if got.dtype != want.dtype:
        return f"dtype {got.dtype}, NumPy has {want.dtype}"
    same = (got == want) | ((got != got) & (want != want))
    if want.dtype.kind == "f":
        if not re.match(r"np\.f(max|min)\(", case.expression):  # C leaves the sign open
            same &= (np.signbit(got) == np.signbit(want)) | np.isnan(want)
    if want.dtype.kind == "c":  # a nan or infinite part decides; C leaves signs and the other part open
        special = ~np.isfinite(want.real) | ~np.isfinite(want.imag)
        same |= special & ~(np.isfinite(got.real) & np.isfinite(got.imag))
        same |= (got == want)
    if want.dtype.kind in "fc" and case.tolerance:
        near = np.zeros(want.shape, bool)
        finite = np.isfinite(got) & np.isfinite(want)
        near[finite] = ulps(got[finite], want[finite]) <= case.tolerance
        same |= near
    bad = np.flatnonzero(~same & valid)
    if bad.size == 0:
        return None
    k = bad[0]
    args = ", ".join(repr(a[k]) for a in case.arrays)
    return f"at ({args}): {got[k]!r}, NumPy has {want[k]!r} ({bad.size} of {valid.sum()} wrong)"


def literal(array):
    """The array as an expression of a script."""
    def real(v):
        return repr(float(v)).replace("inf", "np.inf").replace("nan", "np.nan")

    kind = array.dtype.kind
    if array.dtype == np.uint64:  # beyond the integers of scripts
        return f"np.array({[int(v) for v in array.view(np.int64)]}, dtype=np.int64).astype(np.uint64)"
    if kind == "f":
        items = [real(v) for v in array]
    elif kind == "c":
        items = [f"complex({real(v.real)}, {real(v.imag)})" for v in array]
    else:
        items = [repr(v.item()) for v in array]
    return f"np.array([{', '.join(items)}], dtype=np.{array.dtype.name})"


def parse(lines):
    """What show() printed: the dtype, then the elements."""
    dtype = np.dtype(lines[0])
    if dtype.kind == "b":
        return np.array([v == "True" for v in lines[1:]])
    convert = {"i": int, "u": int, "f": float, "c": complex}[dtype.kind]
    return np.array([convert(v) for v in lines[1:]], dtype)


def generate(selected, path):
    lines = ["import cmath", "import math", "import numpy as np", "from numba import njit", "",
             "def show(a):", "    print('---')", "    print(a.dtype)", "    for v in a:", "        print(v)", ""]
    runs = []
    for n, case in enumerate(selected):
        names = "xy"[:len(case.arrays)]
        body = re.sub(r"(?<![a-zA-Z_.])x(?![a-zA-Z_])", "x[{i}]", case.expression)
        body = re.sub(r"(?<![a-zA-Z_.])y(?![a-zA-Z_])", "y[{i}]", body)
        lines += ["@njit(error_model='numpy')", f"def k{n}({', '.join(names)}):",
                  f"    out = np.full(x.size, {body.format(i=0)})",
                  "    for i in range(x.size):", f"        out[i] = {body.format(i='i')}", "    return out", ""]
        runs.append(f"show(k{n}({', '.join(literal(a) for a in case.arrays)}))")
    path.write_text("\n".join(lines + runs) + "\n")


def check(kjit, selected, path):
    """Runs the cases in one script; returns how many are wrong."""
    generate(selected, path)
    done = subprocess.run([kjit, "run", str(path)], capture_output=True, text=True)
    outputs = done.stdout.split("---\n")[1:]
    failures = 0
    for case, output in zip(selected, outputs):
        problem = wrong(case, parse(output.split()))
        if problem:
            failures += 1
            print(f"{case.name()}: {problem}")
    if done.returncode != 0 or len(outputs) != len(selected):
        failures += 1
        print(f"{done.stderr[-3000:]}\nkjit run {path}: exit status {done.returncode}")
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--only", default=".")
    parser.add_argument("--keep")
    options = parser.parse_args()
    selected = [c for c in cases() if re.search(options.only, c.name()) and usable(c)]
    failures = 0
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(options.keep or made)
        folder.mkdir(parents=True, exist_ok=True)
        for first in range(0, len(selected), CHUNK):
            failures += check(options.kjit, selected[first:first + CHUNK], folder / f"kernels{first // CHUNK}.py")
    print(f"{len(selected)} combinations, {failures} wrong")
    return 1 if failures or not selected else 0


if __name__ == "__main__":
    sys.exit(main())
