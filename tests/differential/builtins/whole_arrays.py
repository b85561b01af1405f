#!/usr/bin/env python3
"""Compares every function of NumPy on whole arrays with NumPy: dtypes, ranks, layouts, at -O0 and -O3.

    whole_arrays.py --host build/release/bin/differential_host [--short] [--only REGEX]

The rows stand in arrays.py. Each is called with arrays that are row-major, column-major, strided, reversed, without elements, broadcast
(read-only, strides of 0), and full of special values. --short: one dtype and rank of each row, -O3.
A name of lang-spec/builtins.md without a row is an error. What is known to differ is in lang-spec/differences.md.
Exit status: 0 all right, 1 a difference, 77 there is no NumPy to compare with.
"""
import argparse
import itertools
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from host import Error, Host, oracle, parts, sort_of  # noqa: E402

import numpy as np  # noqa: E402

import arrays  # noqa: E402
import table  # noqa: E402

DTYPES = {"b": ["?"], "i": ["i8", "i4", "i1", "i2"], "u": ["u8", "u1", "u2", "u4"], "f": ["f8", "f4"], "c": ["c16", "c8"]}
MIXED = [("i4", "f4"), ("i8", "u8"), ("f4", "f8"), ("f8", "c8"), ("?", "i4"), ("u8", "i1")]
SHAPES = {0: (), 1: (36,), 2: (4, 9), 3: (2, 3, 5)}
LAYOUTS = ["C", "F", "strided", "reversed", "empty", "broadcast", "special"]
HEADER = "import numpy as np\nfrom numba import njit\n\n\n@njit(error_model='numpy')\n"


def values(dtype, shape, seed):
    rng = np.random.RandomState(seed)
    dt = np.dtype(dtype)
    if dt.kind == "b":
        return rng.rand(*shape) < 0.6 if shape else np.array(True)
    if dt.kind in "iu":
        return np.asarray(rng.randint(0 if dt.kind == "u" else -4, 8, shape)).astype(dt)
    real = np.asarray(rng.randint(-12, 13, shape) / 4)
    return np.asarray(real + 1j * rng.randint(-8, 9, shape) / 4 if dt.kind == "c" else real).astype(dt)


def special(dtype, shape, seed):
    array = values(dtype, shape, seed)
    dt = array.dtype
    if dt.kind in "iu":
        extremes = [np.iinfo(dt).max, np.iinfo(dt).min]
    elif dt.kind == "f":
        info = np.finfo(dt)
        extremes = [np.nan, np.inf, -np.inf, -0.0, info.max, info.tiny, info.smallest_subnormal, -info.max, 0.0]
    else:
        return array
    flat = array.reshape(-1)
    for k, x in enumerate(extremes):
        flat[(5 * k + seed) % flat.size] = x
    return array


def laid_out(dtype, shape, layout, seed):
    rank = len(shape)
    if layout == "special":
        return special(dtype, shape, seed)
    if layout == "F":
        return np.asfortranarray(values(dtype, shape, seed))
    if layout == "strided" and rank:
        return values(dtype, shape[:-1] + (2 * shape[-1],), seed)[..., ::2]
    if layout == "reversed" and rank:
        return values(dtype, shape, seed)[::-1]
    if layout == "empty" and rank:
        return values(dtype, shape[:-1] + (0,) if seed % 2 else (0,) + shape[1:], seed)
    if layout == "broadcast" and rank:
        return np.broadcast_to(values(dtype, shape[1:], seed), shape)
    return values(dtype, shape, seed)


def dominant(dtype, layout):
    a = values(dtype, (5, 5), 3)
    a = (a + a.conj().T + 40 * np.eye(5)).astype(dtype)
    return np.asfortranarray(a) if layout == "F" else a


def arguments(names, dtypes, rank, layout, empty_axis):
    shape = SHAPES[rank]
    made = []
    for k, name in enumerate(names):
        dtype = dtypes[k % len(dtypes)]
        seed = 2 * (k + 1) + empty_axis if layout == "empty" else k + 1
        if name in "ab":
            made.append(laid_out(dtype, shape, layout, seed))
        elif name in "vw":
            made.append(laid_out(dtype, shape[-1:], layout, seed))
        elif name in "mn":
            made.append(laid_out(dtype, shape[-1:] * 2, layout, seed))
        elif name == "c":
            made.append(laid_out("?", shape, "C" if layout == "special" else layout, seed))
        elif name == "d":
            made.append(dominant(dtype, layout))
        else:
            made.append(np.array([0, 2, 1, 1, 3]))
    return made


def names_in(call):
    return [n for n in "abvwmndci" if re.search(rf"(?<![\w.'])\b{n}\b(?!\s*=[^=])(?!')", call)]


def kernel(call, names):
    *before, last = call.split("; ")
    body = [line for statement in before for line in statement.lstrip("\n").split("\n")]
    return HEADER + f"def kernel({', '.join(names)}):\n" + "".join(f"    {line}\n" for line in body) + f"    return {last}\n"


def leaf_problem(want, got, tolerance):
    if sort_of(want) != sort_of(got):
        return f"{sort_of(got)}, NumPy has {sort_of(want)}"
    if isinstance(want, (str, type(None))):
        return "" if want == got else f"{got!r}, NumPy has {want!r}"
    a, b = np.asarray(want), np.asarray(got)
    if a.shape != b.shape:
        return f"shape {b.shape}, NumPy has {a.shape}"
    with np.errstate(all="ignore"):
        same = (a == b) | ((a != a) & (b != b))
        if a.dtype.kind in "fc" and tolerance:
            finite = np.isfinite(a)
            size = np.abs(a[finite]).max(initial=0) if finite.any() else 0
            eps = np.finfo(a.dtype).eps
            same |= np.abs(a - b) <= tolerance * eps * np.maximum(np.abs(a), size if tolerance >= arrays.SUM else 0) + np.finfo(a.dtype).tiny
            if a.dtype.kind == "c":
                same |= ~np.isfinite(a) & ~np.isfinite(b)
    if same.all():
        return ""
    k = tuple(int(i[0]) for i in np.nonzero(~same)) if a.ndim else ()
    return f"at {k}: {b[k]!r}, NumPy has {a[k]!r} ({int((~same).sum())} of {a.size})"


def half(value):
    return any(getattr(v, "dtype", None) == np.float16 for _, v in parts(value))


class Combination:
    def __init__(self, row, dtypes, rank):
        self.row, self.dtypes, self.rank = row, dtypes, rank
        self.names = names_in(row[1])
        self.text = kernel(row[1], self.names)
        self.calls, self.wants = [], []
        for layout, axis in [(l, 0) for l in LAYOUTS] + [("empty", 1)]:
            if rank == 0 and layout not in ("C", "special"):
                continue
            args = arguments(self.names, dtypes, rank, layout, axis)
            want = oracle(self.text, "kernel", args)
            if isinstance(want, Error) and want.kind in ("TypeError", "UFuncTypeError", "AxisError") or not isinstance(want, Error) and half(want.value):
                continue
            if layout == "special" and (row[3] >= arrays.SUM or "c" in "".join(dtypes)):  # sums of what does not fit
                continue
            self.calls.append((layout, args))
            self.wants.append(want)

    def problems(self, host):
        outcomes = host.run_all(self.text, "kernel", [args for _, args in self.calls], boundscheck=True)
        for level, answers in zip(host.levels, outcomes):
            for (layout, _), want, got in zip(self.calls, self.wants, answers):
                problem = self.problem(want, got)
                if problem:
                    yield f"{self.row[1]!r} of {', '.join(self.dtypes)}, rank {self.rank}, {layout}, -O{level}: {problem}"

    def problem(self, want, got):
        if isinstance(want, Error) or isinstance(got, Error):
            if not isinstance(want, Error) or not isinstance(got, Error):
                return f"{got!r}, NumPy has {want!r}"
            readonly = "read-only" in want.message and "read-only" in got.message  # known when compiling (lang-spec, A8)
            return "" if want.kind == got.kind or readonly else f"{got!r}, NumPy has {want!r}"
        wants, gots = list(parts(want.value)), list(parts(got.value))
        if len(wants) != len(gots):
            return f"{len(gots)} parts, NumPy has {len(wants)}"
        return next((p for (_, w), (_, g) in zip(wants, gots) if (p := leaf_problem(w, g, self.row[3]))), "")


def combinations(row, number, short):
    """What the row is tried with; where one is enough, those that NumPy takes nothing of are passed over."""
    _, call, kinds, _, ranks = row
    dtypes = [(d,) for k in kinds for d in DTYPES[k]]
    if "(a, b)" in call:
        dtypes += [p for p in MIXED if all(np.dtype(d).kind in kinds for d in p)]
    pairs = list(itertools.product(dtypes, map(int, ranks)))
    first = 7 * number % len(pairs) if short else 0  # another one for each row
    for pair in pairs[first:] + pairs[:first]:
        combination = Combination(row, *pair)
        if combination.calls:
            yield combination
            if short:
                return


def without_row():
    """Names of the generated list that no table has."""
    text = (HERE.parents[2] / "lang-spec/builtins.md").read_text()
    listed = {m for m in re.findall(r"^\| `([\w.]+)[(\[]", text, re.M) if m.startswith(("np.", "array."))}
    scalars = [e for e, _, _ in table.EXPRESSIONS_1 + table.EXPRESSIONS_2]
    known = {r[0] for r in arrays.ROWS} | {n for e in scalars for n in re.findall(r"np\.\w+", e)}
    def is_elsewhere(name):  # sequences of numbers: tests/lang/random; or gone from this NumPy
        return name.startswith("np.random.") or (name.startswith("np.") and not hasattr(np, name.split(".")[1]))

    return sorted(n for n in listed - known if not is_elsewhere(n))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--only", default=".")
    options = parser.parse_args()
    failures, programs, calls = 0, 0, 0
    for name in without_row():
        failures += 1
        print(f"{name} has no row in arrays.py")
    with Host(options.host, levels=(3,) if options.short else (0, 3)) as host:
        for number, row in enumerate(arrays.ROWS):
            if not re.search(options.only, row[1]):
                continue
            for combination in combinations(row, number, options.short):
                programs += 1
                calls += len(combination.calls) * len(host.levels)
                found = list(combination.problems(host))
                failures += len(found)
                for problem in found[:2]:
                    print(problem, flush=True)
    print(f"{len(arrays.ROWS)} rows, {programs} programs, {calls} calls, {failures} wrong")
    return 1 if failures or not programs else 0


if __name__ == "__main__":
    sys.exit(main())
