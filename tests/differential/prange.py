#!/usr/bin/env python3
"""Random loops over prange under kjit on 1, 2 and 7 threads, and as the same loop over range: arrays and reductions agree bit for bit.

    prange.py --kjit build/release/bin/kjit [--count N | --minutes M] [--seed N] [--keep FOLDER]

Loops draw indices that move and that do not, views of what is stored to, inner loops, counters, conditions and reductions;
each iteration works for long enough that a loop of a few thousand goes to threads. Loops that the compiler leaves in parallel are the point: what it
reports runs in order. Indices from memory are drawn for loads only: see lang-spec/parallel.md P8.
Exit status: 0 all agree, 1 a difference.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

N = 3000  # iterations
HEAD = """import numpy as np
from numba import njit, prange

@njit
def work(x):
    for q in range(12):
        x = np.sqrt(x * x + 1.0) - 0.5
    return x

"""


class Loop:
    def __init__(self, rng):
        self.rng = rng
        self.calm = rng.choice([0.2, 0.7, 0.9])  # how often an index is just the iteration
        self.before = []
        self.names = 0
        self.arrays = ["a", "b"]
        self.reductions = {}

    def pick(self, *of):
        return self.rng.choice(of)

    # an index into an axis of N + 64 elements; `load`: for a value
    def index(self, load, inner):
        if self.rng.random() < self.calm:
            return "i"
        simple = ["i", "i", "i", "i + 1", "i + 3", "n - 1 - i", "i * 2 // 2", "abs(i - 7)", "min(i, 2000)", "max(i - 5, 0)", "-i - 1", "i - 1",
                  "i // 2", "i // 2 * 2", "i % 1000", "(i * 7) % n", "i ^ 1", "i & 1023", "i >> 1", "5", "w", "n - 1", "i + w", "(i + 1) % n",
                  "i if i < 9 else i + 1", "i if i > 0 else n - 1", "i // 3 * 3 + i % 3", "p", "i // w"]
        if load:
            simple += ["k[i]", "k[i] + 1"]
        if inner:
            simple += [inner, f"i + {inner}", f"(i // 8) * 8 + {inner}", f"i // 4 * 4 + {inner}", f"{inner} + w"] * 2
        return self.rng.choice(simple)

    def array(self):
        if self.rng.random() < 0.5 + self.calm / 2:
            return self.rng.choice(self.arrays)
        base = self.pick("a", "b")
        view = self.pick("[::-1]", "[1:]", "[2:-2]", "[:]", ".reshape(-1)", "[::1]")
        name = f"v{self.names}"
        self.names += 1
        self.before.append(f"{name} = {base}{view}")
        self.arrays.append(name)
        return name

    # rows of m: 2-d, n + 64 rows of 8
    def element(self, load, inner):
        if self.rng.random() < 0.1:
            return f"m[i, {self.pick('0', '3', 'i % 8', 'w', inner or '1')}]"
        if self.rng.random() < 0.3 * (1 - self.calm):
            row = self.pick("i", "i", "i", "i + 1", "n - 1 - i", "i // 2", "w", "i - 1")
            column = self.pick("0", "3", "i % 8", "w", inner or "1", inner or "2")
            return f"m[{row}, {column}]"
        return f"{self.array()}[{self.index(load, inner)}]"

    def value(self, inner):
        parts = [self.pick("1.0", "i", "x[i]", "x[i] * 2", self.element(True, inner), self.element(True, inner))]
        if self.rng.random() < 0.4:
            parts.append(self.element(True, inner))
        return " + ".join(parts)

    def statement(self, depth, inner):
        kind = self.rng.random()
        pad = "    " * depth
        if kind < 0.42:
            return [f"{pad}{self.element(False, inner)} = {self.value(inner)}"]
        if kind < 0.55:
            place = self.element(False, inner)
            return [f"{pad}{place} {self.pick('+=', '*=', '-=')} {self.pick('0.5', 'x[i]', '0.25')}"]
        if kind < 0.63:
            row = self.pick("m[i]", "m[i, 1:4]", "m[i + 1, ::-1]", "m[:, 2]", "a[i:i + 1]", "b[i:i + 3]", "m[i // 2]", "m[n - i]", "m[i, ::2]")
            return [f"{pad}{row}{self.pick('[:]', '') or '[:]'} {self.pick('=', '+=')} {self.pick('1.5', 'x[i]', 'i')}"]
        if kind < 0.75:
            op = self.pick("+=", "-=")
            name = f"s{len(self.reductions) % 2}"
            self.reductions[name] = "0"
            lines = [f"{pad}{name} {op} {self.pick('1', 'i', 'k[i]', 'i * 3')}"]
            if self.rng.random() < 0.5:
                lines.append(f"{pad}{name} {self.pick('+=', '-=')} {self.pick('2', 'i', 'k[i]')}")
            return lines
        if kind < 0.79:
            self.reductions["t"] = "1000000"
            return [f"{pad}t = min(t, k[i])", f"{pad}t = min(t, i + w)"][: self.rng.randint(1, 2)]
        if depth < 4 and kind < 0.9:
            test = self.pick("i > 0", "i % 2 == 0", "i == 0", "x[i] > 0.5", "i < n - 1", "i == w", "(i + w) % 3 == 1", "i & 1", "k[i] > 50")
            lines = [f"{pad}if {test}:"] + self.statement(depth + 1, inner)
            if self.rng.random() < 0.4:
                lines += [f"{pad}else:"] + self.statement(depth + 1, inner)
            return lines
        if depth < 4 and not inner:
            head = self.pick("for j in range(4):", "for j in range(8):", "for j in range(i % 3):", "for j in range(w):", "for j in range(i % 2, 8, 2):",
                             "for j in range(7, -1, -1):", "j = 0\nwhile j < 5:")
            lines = [pad + h for h in head.split("\n")]
            for _ in range(self.rng.randint(1, 2)):
                lines += self.statement(depth + 1, "j")
            if head.startswith("j ="):
                lines.append(f"{pad}    j += 1")
            return lines
        return [f"{pad}p = {self.pick('i', 'i + 2', 'i // 2', '3', 'n - i')}"]

    def text(self):
        span = self.pick("n", "n", "1, n", "0, n, 2", "n - 1, 0, -1", "2, n - 3", "-5, n - 9", "w, n")
        body = ["        p = i"]
        for _ in range(self.rng.randint(1, 4)):
            body += self.statement(2, "")
        spin = "        z[i] = work(x[i])"
        head = [f"    {line}" for line in self.before] + [f"    {r} = {v}" for r, v in self.reductions.items()]
        results = ", ".join(self.reductions) or "0"
        lines = head + [f"    for i in LOOP({span}):"] + body + [spin, f"    return ({results},)"]
        return "\n".join(lines)


def program(loops):
    text = [HEAD]
    for number, loop in enumerate(loops):
        for kind, option in (("prange", "(parallel=True)"), ("range", "")):
            text.append(f"@njit{option}\ndef f{number}_{kind}(a, b, m, x, z, k, n, w):\n" + loop.replace("LOOP", kind) + "\n")
    text.append(DRIVER % {"n": N, "count": len(loops)})
    return "\n".join(text)


# What programs of the language can do without Python: sums with weights in place of hashes.
DRIVER = """
@njit
def mark(v):
    h = 0.0
    u = v.reshape(-1)
    for e in range(u.size):
        h = h * 0.999 + u[e] * (e %% 13 + 1)
    return h


def data(same):
    e = np.arange(%(n)d + 64)
    a = (e * 7919 %% 1009) / 1009.0
    b = a if same else (e * 104729 %% 997) / 997.0
    x = (e * 31 %% 101) / 101.0
    m = (np.arange((%(n)d + 64) * 8) * 17 %% 503).reshape(%(n)d + 64, 8) / 503.0
    return a, b, m, x, np.zeros(%(n)d + 64), e * 37 %% %(n)d


"""


def calls(loops):
    lines = []
    for number in range(len(loops)):
        for same in (False, True):
            for kind in ("prange", "range"):
                lines.append(f"a, b, m, x, z, k = data({same})\nr = f{number}_{kind}(a, b, m, x, z, k, {N}, 2)\n"
                             f"print({number}, '{kind}', {same}, r, mark(a), mark(b), mark(m))")
    return "\n".join(lines)


def outcome(kjit, path, threads):
    run = subprocess.run([kjit, "run", "--threads", str(threads), path], capture_output=True, text=True, timeout=600)
    if run.returncode:
        return None, run.stderr
    return [line.split(" ", 3) for line in run.stdout.splitlines()], run.stderr


def check(kjit, loops, path):
    """The numbers of the loops that differ, and how many the compiler reported."""
    path.write_text(program(loops) + calls(loops) + "\n")
    results = {t: outcome(kjit, path, t) for t in (1, 2, 7)}
    for t, (lines, errors) in results.items():
        if lines is None:
            return {"all": errors[-1500:]}, 0
    lines = results[1][1].splitlines()
    reported = len({line.split(": note")[0] for line in lines if "note: this loop runs in order" in line})
    wrong = {}
    serial = {}
    for number, kind, same, text in results[1][0]:
        if kind == "range":
            serial[number, same] = text
    for t in (1, 2, 7):
        for number, kind, same, text in results[t][0]:
            if kind == "prange" and text != serial[number, same]:
                wrong.setdefault(int(number), f"{t} threads, same={same}: {text} instead of {serial[number, same]}")
    return wrong, reported


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--count", type=int, default=80)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    end = time.time() + (options.minutes or 1e9) * 60
    done = found = reported = 0
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "loops.py"
        while time.time() < end and (options.minutes or done < options.count):
            loops = [Loop(rng).text() for _ in range(10)]
            wrong, warned = check(options.kjit, loops, path)
            done += len(loops)
            reported += warned
            for number, what in wrong.items():
                found += 1
                print(f"DIFFERENT: {what}\n" + (loops[number] if number != "all" else path.read_text()), flush=True)
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    one = [loops[number]] if number != "all" else loops
                    (options.keep / f"{options.seed}_{done}_{number}.py").write_text(program(one) + calls(one) + "\n")
    print(f"{done} loops, {reported} in order, {found} different")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
