#!/usr/bin/env python3
"""Random loops over prange under kjit on 1, 2 and 7 threads, which agree bit for bit, and as the same loop over range, which agrees but
for the last digits of what is folded into arrays.

    prange.py --kjit build/release/bin/kjit [--count N | --minutes M] [--seed N] [--keep FOLDER]

Loops draw indices that move and that do not, views of what is stored to, inner loops, prange inside of prange, arrays of an iteration's own that
exchange names, statements on arrays, loops that follow one another, two names of one buffer, counters, conditions and reductions;
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
        self.own = rng.random() < 0.4  # arrays t, u of each iteration
        self.w = rng.choice([2, 2, 2, 1, 3, 0, -1, -2])

    def pick(self, *of):
        return self.rng.choice(of)

    # an index into an axis of N + 64 elements; `load`: for a value
    def index(self, load, inner):
        if self.rng.random() < self.calm:
            return "i"
        simple = ["i", "i", "i", "i + 1", "i + 3", "n - 1 - i", "i * 2 // 2", "abs(i - 7)", "min(i, 2000)", "max(i - 5, 0)", "-i - 1", "i - 1",
                  "i // 2", "i // 2 * 2", "i % 1000", "(i * 7) % n", "i ^ 1", "i & 1023", "i >> 1", "5", "w", "n - 1", "i + w", "(i + 1) % n",
                  "i if i < 9 else i + 1", "i if i > 0 else n - 1", "i // 3 * 3 + i % 3", "p", "i // (w * w + 1)"]
        if load:
            simple += ["k[i]", "k[i] + 1"]
        if load and self.own:
            simple += ["i + (t[1] > u[2])"]
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
        if self.own and self.rng.random() < 0.3:
            return self.pick("t.sum()", f"t[{inner or 'w'}] - u[3]", "u[i % 8]", "(t * m[i]).sum()", "t.min() + x[i]", "np.dot(t, u)")
        parts = [self.pick("1.0", "i", "x[i]", "x[i] * 2", self.element(True, inner), self.element(True, inner))]
        if self.rng.random() < 0.4:
            parts.append(self.element(True, inner))
        return " + ".join(parts)

    # arrays of the iteration's own, and statements on rows
    def on_arrays(self, pad, inner):
        place = self.pick("2", "i % 8", inner or "w", "-1")
        some = ["t, u = u, t", f"t[{place}] = {self.value(inner)}", f"u[{place}] += x[i]", "t = t * 0.5 + u", "t = m[i] * 0.5", "u = np.ones(8)",
                "t[:] = m[i]", "t[1:-1] = u[2:] - u[:-2]", "old = t\nt = u\nu = old", "r = t[::-1]\nr[1] = x[i]", "t, u = u, t + u",
                "t = u.copy()", "u = m[i, :]\nu[3] = x[i]\nu = t * 2", "t = m[i - 1] + 1.0", "u = np.where(t > 0.5, t, u)"]
        rows = ["m[i] = m[i] * 0.5 + 1.0", "r = m[i]\nr[2] = x[i]", "m[i, 2:] = m[i, :-2]", "r = m[i + 1]\nb[i] = r[3]", "m[i] = m[i, ::-1]",
                "r = a[i:i + 2]\nr[0] = x[i]", "b[i] = m[i].max()", "b[i] = m[i].sum() + m[i, 1:3].min()", "m[i] = np.sqrt(m[i] + x[i])"]
        chosen = self.rng.choice(some + rows if self.own else rows)
        return [pad + line for line in chosen.split("\n")]

    def statement(self, depth, inner):
        pad = "    " * depth
        if self.rng.random() < (0.35 if self.own else 0.12):
            return self.on_arrays(pad, inner)
        kind = self.rng.random()
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
            self.reductions["low"] = "1000000"
            least = [f"{pad}low = min(low, k[i])", f"{pad}low = min(low, i + w)", f"{pad}if k[i] - 3 < low:\n{pad}    low = k[i] - 3"]
            return self.rng.sample(least, self.rng.randint(1, 3))
        if depth < 4 and kind < 0.9:
            test = self.pick("i > 0", "i % 2 == 0", "i == 0", "x[i] > 0.5", "i < n - 1", "i == w", "(i + w) % 3 == 1", "i & 1", "k[i] > 50")
            lines = [f"{pad}if {test}:"] + self.statement(depth + 1, inner)
            if self.rng.random() < 0.4:
                lines += [f"{pad}else:"] + self.statement(depth + 1, inner)
            return lines
        if depth < 4 and not inner:
            head = self.pick("for j in range(4):", "for j in range(8):", "for j in range(i % 3):", "for j in range(w):", "for j in range(i % 2, 8, 2):",
                             "for j in range(7, -1, -1):", "j = 0\nwhile j < 5:", "for j in LOOP(6):", "for j in LOOP(w, 8):")
            lines = [pad + h for h in head.split("\n")]
            for _ in range(self.rng.randint(1, 2)):
                lines += self.statement(depth + 1, "j")
            if head.startswith("j ="):
                lines.append(f"{pad}    j += 1")
            return lines
        return [f"{pad}p = {self.pick('i', 'i + 2', 'i // 2', '3', 'n - i')}"]

    def text(self):
        span = self.pick("n", "n", "1, n", "0, n, 2", "n - 1, 0, -1", "2, n - 3", "-5, n - 9", "w, n")
        bodies = [self.body() for _ in range(self.pick(1, 1, 2, 2, 3))]
        if self.rng.random() < 0.1:
            self.before.append("a, b = b, a")
        head = [f"    {line}" for line in self.before] + [f"    {r} = {v}" for r, v in self.reductions.items()]
        results = ", ".join(self.reductions) or "0"
        loops = []
        for number, body in enumerate(bodies):  # most often over the same iterations, so that they may share a region
            over = span if number == 0 or self.rng.random() < 0.8 else self.pick("n", "1, n", "n - 2")
            loops += self.pick([], [], ["    q = n + 1"], ["    late = np.zeros(5)"]) if number > 0 else []
            loops += [f"    for i in LOOP({over}):"] + body + [f"        {self.pick('z[i]', 'y[i]')} = work(x[i])"]
        lines = [f"    # w = {self.w}"] + head + loops + [f"    return ({results},)"]
        return "\n".join(lines)

    def body(self):
        body = ["        p = i"]
        if self.own:
            body += [f"        t = {self.pick('np.zeros(8)', 'm[i] * 2', 'np.arange(8) * x[i]')}", f"        u = {self.pick('np.ones(8)', 'm[i].copy()', 't + 1')}"]
        for _ in range(self.rng.randint(1, 4)):
            body += self.statement(2, "")
        return body


def program(loops):
    text = [HEAD]
    for number, loop in enumerate(loops):
        for kind, option in (("prange", "(parallel=True)"), ("range", "")):
            text.append(f"@njit{option}\ndef f{number}_{kind}(a, b, m, x, y, z, k, n, w):\n" + loop.replace("LOOP", kind) + "\n")
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
    return a, b, m, x, np.zeros(%(n)d + 64), np.zeros(%(n)d + 64), e * 37 %% %(n)d


"""


def calls(loops):
    lines = []
    for number in range(len(loops)):
        for same in (False, True):
            for kind in ("prange", "range"):
                w = loops[number].split("\n")[0].split("=")[1]
                lines.append(f"a, b, m, x, y, z, k = data({same})\nr = f{number}_{kind}(a, b, m, x, y, z, k, {N},{w})\n"
                             f"print({number}, '{kind}', {same}, r, mark(a), mark(b), mark(m), mark(y), mark(z))")
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
    first = {(number, same): text for number, kind, same, text in results[1][0] if kind == "prange"}
    for t in (1, 2, 7):
        for number, kind, same, text in results[t][0]:
            if kind == "prange" and (text != first[number, same] or not alike(text, serial[number, same])):
                what = f"{t} threads, same={same}: {text}, 1 thread {first[number, same]}, range {serial[number, same]}"
                wrong.setdefault(int(number), what)
    return wrong, reported


def alike(text, other):
    """Equal but for rounding: what is folded into arrays is added in another order."""
    if text == other:
        return True
    numbers, others = ([float(v) for v in t.translate(str.maketrans("(),", "   ")).split()] for t in (text, other))
    return len(numbers) == len(others) and all(abs(v - o) <= 1e-9 * abs(o) or v != v and o != o for v, o in zip(numbers, others))


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
