#!/usr/bin/env python3
"""Random kernels on whole arrays, under kjit and under CPython with NumPy: dtypes, shapes and values agree.

    array_programs.py --kjit build/release/bin/kjit [--seed N] [--count N] [--keep FOLDER]

Each program takes four arrays (ranks 1 and 2; contiguous, reversed, transposed, with a length of 1) and a number, makes
temporaries, stores into slices that may overlap what they read, picks and stores by index arrays and masks, and folds over axes. Float results may differ in last bits (sums
are added in another order). With --keep, a program that differs is left there.
Exit status: 0 all agree, 1 a difference, 77 NumPy is not installed.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

try:
    import numpy as np
except ImportError:
    python = pathlib.Path(__file__).resolve().parents[2] / ".cache/venv/bin/python"
    if not python.exists() or pathlib.Path(sys.prefix).resolve() == python.parents[1].resolve():
        print("skipped: NumPy is not installed here (tools/setup --tests)")
        sys.exit(77)
    sys.exit(subprocess.call([str(python), *sys.argv]))

DTYPES = ["float64", "float64", "float32", "int64", "int32", "int8", "uint8", "complex128"]


class Program:
    """One kernel: `lines` of its body, and the arrays known at this point by name: (rank, kind of dtype)."""

    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.arrays = {"v": 1, "w": 1, "m": 2, "r": 2}
        self.kinds = {}
        self.made = 0

    def atom(self, rank):
        names = [n for n, k in self.arrays.items() if k == rank]
        choice = self.rng.random()
        if rank == 2 and choice < 0.15:
            return self.rng.choice(["v[:, None]", "v[None, :]", "w"]) if self.square else "w"
        if rank == 1 and choice < 0.2:
            return self.rng.choice(["m[0]", "m[-1]", "r[0, :]"] + (["m[:, 1]"] if self.square else []))
        return self.rng.choice(names)

    def expression(self, rank, depth):
        rng = self.rng
        if depth == 0:
            return self.atom(rank) if rng.random() < 0.75 else rng.choice(["s", "2", "3", "0.5"])
        form = rng.random()
        if form < 0.55:
            left, right = self.expression(rank, depth - 1), self.expression(rank, depth - 1)
            return f"({left} {rng.choice(['+', '-', '*', '*', '+'])} {right})"
        if form < 0.7:
            return f"np.where({self.test(rank, depth - 1)}, {self.expression(rank, depth - 1)}, {self.expression(rank, depth - 1)})"
        if form < 0.85:
            return f"np.{rng.choice(['add', 'multiply', 'subtract'])}({self.atom(rank)}, {self.expression(rank, depth - 1)})"
        if form < 0.93:
            return f"np.{rng.choice(['abs', 'square', 'negative', 'conj'])}({self.atom(rank)})"
        return f"(-{self.atom(rank)})"

    def indices(self, low, high):
        return f"np.array({[self.rng.randint(low, high) for _ in range(5)]})"

    def gathered(self):
        """An array of five elements picked by an array."""
        form = self.rng.random()
        if form < 0.6:
            return f"{self.atom(1)}[{self.indices(-5, 4)}]"
        rows = self.indices(-3, 2)
        return self.rng.choice([f"m[{rows}, {self.indices(-5, 4)}]", f"m[{rows}, 1]", f"m[-1, {self.indices(0, 4)}]", "v[v == v]"])

    def index_statement(self):
        """Elements picked by arrays of integers and masks, assigned and updated."""
        rng = self.rng
        picks, op = self.indices(-5, 4), rng.choice(["+=", "*=", "-="])
        mask = {1: f"{self.atom(1)} {rng.choice(['==', '!='])} {self.atom(1)}", 2: f"m {rng.choice(['==', '!='])} {rng.choice(['w', 'm[::-1]', '2'])}"}
        self.lines += rng.choice([
            [f"v[{picks}] = ({self.gathered()} + {self.expression(1, 1)}).astype(v.dtype)"],
            [f"v[{picks}] = {rng.choice(['2', 'v[::-1]'])}"],
            [f"v[{picks}] {op} {rng.choice(['2', 'v', 'v[::-1]'])}"],
            [f"v[{mask[1]}] = {rng.choice(['2', 's'])}"],
            [f"v[{mask[1]}] {op} 2"],
            [f"q{self.made} = {mask[1]}", f"v[q{self.made}] = v[::-1][q{self.made}]"],
            [f"q{self.made} = {mask[1]}", f"v[q{self.made}] {op} v[::-1][q{self.made}]"],
            [f"m[{mask[2]}] = 3"],
            [f"m[{mask[2]}] {op} 3"],
            [f"m[:, {picks}] = {rng.choice(['m', 'm[:, ::-1]', 'm[0]'])}"],
            [f"m[{self.indices(-3, 2)}, {picks}] {op} 2"],
            [f"m[m[:, 0] == m[:, 1]] {op} m[0]"],
            [f"m[{self.indices(-3, 2)}] = m[1]"],
        ])
        self.made += 1

    def test(self, rank, depth):
        return f"({self.atom(rank)} {self.rng.choice(['==', '!='])} {self.expression(rank, depth)})"

    def statement(self):
        rng = self.rng
        rank = rng.choice([1, 2])
        form = rng.random()
        whole = self.expression(rank, rng.choice([1, 2, 3]))
        if rng.random() < 0.25:
            return self.index_statement()
        if form < 0.4:
            name = f"t{self.made}"
            self.made += 1
            self.lines.append(f"{name} = {self.gathered() if rank == 1 and rng.random() < 0.3 else self.atom(rank)} + {whole}")
            self.arrays[name] = rank
        elif form < 0.6:
            target = "v" if rank == 1 else "m"
            if rng.random() < 0.5:
                source = {1: ["v[:-1]", "v[1:][::-1]", "w[1:]"], 2: ["m[:-1]", "m[:-1, ::-1]", "m[1:]"]}[rank]
                self.lines.append(f"{target}[1:] = {rng.choice(source)} * 1 + {rng.choice(source)}")
            else:
                self.lines.append(f"{target}[:] = ({self.atom(rank)} + {target}[::-1] * 1).astype({target}.dtype)")
        elif form < 0.75:
            target = self.rng.choice([n for n, k in self.arrays.items() if k == rank])
            self.lines.append(f"{target} {rng.choice(['+=', '*=', '-='])} {rng.choice(['2', target + '[::-1]', target])}")
        elif form < 0.9:
            name = f"t{self.made}"
            self.made += 1
            fold = rng.choice(["sum", "sum", "prod", "mean"])
            self.lines.append(f"{name} = ({self.atom(2)} + {self.expression(2, 1)}).{fold}(axis={rng.choice(['0', '1', '-1'])})")
            if self.square:
                self.arrays[name] = 1
        else:
            name = f"t{self.made}"
            self.made += 1
            self.lines.append(f"{name} = {self.atom(2)} - np.sum({self.atom(2)}, axis={rng.choice(['0', '1'])}, keepdims=True)")
            self.arrays[name] = 2

    def build(self):
        self.square = self.rng.random() < 0.6
        for _ in range(self.rng.randint(2, 6)):
            self.statement()
        temporaries = [n for n in self.arrays if n.startswith("t")]
        if self.rng.random() < 0.3 and len(self.lines) > 2:
            head, tail = self.lines[:1], self.lines[1:]
            loop = ["for _ in range(2):"] + ["    " + l for l in tail]
            temporaries = [n for n in temporaries if any(l.startswith(n + " =") for l in head)]
            self.lines = head + loop
        result = ", ".join(["v", "m"] + temporaries)
        return "\n".join(["@njit(error_model='numpy')", "def kernel(v, w, m, r, s):"] +
                         ["    " + l for l in self.lines] + [f"    return {result}"]), 2 + len(temporaries)


def inputs(rng, square):
    n = 5
    rows = n if square else 3
    def make(name, shape):
        dtype = rng.choice(DTYPES)
        size = int(np.prod(shape))
        text = f"(np.arange({size}) % 7 + {rng.randint(0, 2)}).reshape({shape}).astype(np.{dtype})"
        if len(shape) == 2 and shape[0] == shape[1] and rng.random() < 0.3:
            text += ".T"
        elif rng.random() < 0.3:
            text += "[::-1]"
        return f"{name} = {text}"
    second = rng.choice([(rows, n), (rows, n), (1, n), (rows, 1)])
    return [make("v", (n,)), make("w", (n,)), make("m", (rows, n)), make("r", second), f"s = {rng.choice(['2', '0.5', '3'])}"]


def write(rng, path, index):
    program = Program(rng)
    kernel, count = program.build()
    lines = ["import numpy as np", "from numba import njit", "", kernel, ""] + inputs(rng, program.square)
    lines += ["results = kernel(v, w, m, r, s)"]
    lines += [f"np.save('{index}_{i}.npy', np.asarray(results[{i}]))" for i in range(count)]
    path.write_text("\n".join(lines) + "\n")
    return count


STUB = "import sys, types\nm = types.ModuleType('numba')\nm.njit = lambda *a, **k: a[0] if a and callable(a[0]) else lambda f: f\n" \
       "sys.modules['numba'] = m\nimport runpy\nrunpy.run_path(sys.argv[1])\n"


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr.strip().splitlines()


def compare(want, got):
    if want.dtype != got.dtype:
        return f"dtype {got.dtype}, expected {want.dtype}"
    if want.shape != got.shape:
        return f"shape {got.shape}, expected {want.shape}"
    tolerance = 1e-4 if want.dtype in (np.float32, np.complex64) else 1e-11
    return "" if np.allclose(want, got, rtol=tolerance, atol=tolerance, equal_nan=True) else "other values"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    kjit = str(pathlib.Path(options.kjit).resolve())
    counts = {"agree": 0, "raise in both": 0, "rejected": 0}
    bad = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        (folder / "oracle.py").write_text(STUB)
        for i in range(options.count):
            rng = random.Random(options.seed * 1000003 + i)
            path = folder / f"p{i}.py"
            outputs = write(rng, path, i)
            oracle, oracle_text = run([sys.executable, "-W", "ignore", "oracle.py", path.name], folder)
            want = [np.load(folder / f"{i}_{k}.npy") for k in range(outputs)] if oracle == 0 else None
            for old in folder.glob(f"{i}_*.npy"):
                old.unlink()
            status, text = run([kjit, "run", path.name], folder)
            problem = ""
            if status != 0:
                message = next((l for l in text if "error:" in l), f"exit status {status}")
                if status < 0 or "internal" in message:
                    problem = message
                elif want is None:
                    counts["raise in both"] += 1
                else:
                    counts["rejected"] += 1
                    if "not supported" not in message and "Error" in message:
                        problem = message
            elif want is None:
                problem = "runs here; CPython: " + (oracle_text[-1] if oracle_text else "?")
                if "same_kind" in problem or "UFuncTypeError" in problem or "UnboundLocal" in problem:
                    problem = ""  # casts of in-place operators: a listed difference
            else:
                found = [compare(w, np.load(folder / f"{i}_{k}.npy")) for k, w in enumerate(want)]
                problem = next((f"result {k}: {f}" for k, f in enumerate(found) if f), "")
                counts["agree"] += not problem
            if problem:
                bad.append(f"program {i} (seed {options.seed}): {problem}")
                print(bad[-1])
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / path.name).write_text(path.read_text())
    print(f"{options.count} programs: " + ", ".join(f"{n} {what}" for what, n in counts.items()) + f", {len(bad)} differ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
