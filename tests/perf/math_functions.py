#!/usr/bin/env python3
"""Each function that has vector lanes, over arrays in the cache: nanoseconds an element beside NumPy and Numba, in one process.

    PYTHONPATH=build/release/python .cache/venv/bin/python tests/perf/math_functions.py [--size N] [--repeat N] [--only NAMES]

Functions of one array are ufuncs with `out=`; the best of N rounds, taken in turn. Prints a table, and the geometric means at its end.
"""
import argparse
import math
import time

import numba
import numpy as np

import kjit

# expression, range of the operands, and what NumPy calls it (None: it does not have it)
FUNCTIONS = {
    "exp": ("np.exp(x)", -9, 9, np.exp), "exp2": ("np.exp2(x)", -9, 9, np.exp2), "expm1": ("np.expm1(x)", -3, 3, np.expm1),
    "log": ("np.log(x)", 0.1, 99, np.log), "log2": ("np.log2(x)", 0.1, 99, np.log2), "log10": ("np.log10(x)", 0.1, 99, np.log10),
    "log1p": ("np.log1p(x)", -0.5, 9, np.log1p), "sin": ("np.sin(x)", -9, 9, np.sin), "cos": ("np.cos(x)", -9, 9, np.cos),
    "tan": ("np.tan(x)", -1.4, 1.4, np.tan), "arcsin": ("np.arcsin(x)", -1, 1, np.arcsin), "arccos": ("np.arccos(x)", -1, 1, np.arccos),
    "arctan": ("np.arctan(x)", -9, 9, np.arctan), "sinh": ("np.sinh(x)", -9, 9, np.sinh), "cosh": ("np.cosh(x)", -9, 9, np.cosh),
    "tanh": ("np.tanh(x)", -4, 4, np.tanh), "arcsinh": ("np.arcsinh(x)", -9, 9, np.arcsinh),
    "arccosh": ("np.arccosh(x)", 1, 9, np.arccosh), "arctanh": ("np.arctanh(x)", -0.99, 0.99, np.arctanh),
    "cbrt": ("np.cbrt(x)", -9, 9, np.cbrt), "erf": ("math.erf(x)", -3, 3, None), "erfc": ("math.erfc(x)", -3, 3, None),
    "power": ("np.power(x, y)", 0.1, 9, np.power), "arctan2": ("np.arctan2(x, y)", -9, 9, np.arctan2),
    "hypot": ("np.hypot(x, y)", -9, 9, np.hypot)}


def function_of(expression):
    names = "x, y" if "y" in expression else "x"
    made = {"np": np, "math": math}
    exec(compile(f"f = lambda {names}: {expression}", "<function>", "exec"), made)  # Numba's; kjit reads its own text
    return made["f"]


def of_package(package, expression, kind):
    two = "y" in expression
    names, signature = ("x, y", f"{kind}({kind}, {kind})") if two else ("x", f"{kind}({kind})")
    if package is numba:
        return numba.vectorize([signature])(function_of(expression))
    text = f"import math\nimport numpy as np\nfrom numba import vectorize\n\n\n@vectorize([{signature!r}])\ndef f({names}):\n    return {expression}\n"
    return kjit.compile(text).f


def measured(calls, repeat):
    best = dict.fromkeys(calls, float("inf"))
    for call in calls.values():
        call()
    for _ in range(repeat):
        for name, call in calls.items():
            start = time.perf_counter()
            call()
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def row_of(name, kind, options):
    expression, low, high, theirs = FUNCTIONS[name]
    rng = np.random.default_rng(1)
    operands = [rng.uniform(low, high, options.size).astype(kind) for _ in range(2 if "y" in expression else 1)]
    outs = [np.empty_like(operands[0]) for _ in range(3)]
    ours, peer = of_package(kjit, expression, kind), of_package(numba, expression, kind)
    calls = {"kjit": lambda: ours(*operands, out=outs[0]), "numba": lambda: peer(*operands, out=outs[1])}
    if theirs:
        calls["numpy"] = lambda: theirs(*operands, out=outs[2])
    times = {package: t / options.size * 1e9 for package, t in measured(calls, options.repeat).items()}
    np.testing.assert_allclose(outs[0], outs[1], rtol=1e-5 if kind == "float32" else 1e-12, atol=1e-6 if kind == "float32" else 1e-14)
    return times


def mean(values):
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=int, default=1 << 14)
    parser.add_argument("--repeat", type=int, default=200)
    parser.add_argument("--only", nargs="*", default=list(FUNCTIONS))
    options = parser.parse_args()
    print("| function | dtype | kjit | NumPy | Numba | NumPy / kjit | Numba / kjit |\n|---|---|---|---|---|---|---|")
    ratios = {"numpy": [], "numba": []}
    for name in options.only:
        for kind in "float64", "float32":
            times = row_of(name, kind, options)
            shown = {p: f"{t:.2f}" for p, t in times.items()}
            ratio = {p: times[p] / times["kjit"] for p in ("numpy", "numba") if p in times}
            for package, value in ratio.items():
                ratios[package].append(value)
            print(f"| {name} | {kind} | {shown['kjit']} | {shown.get('numpy', '-')} | {shown['numba']} | "
                  f"{format(ratio['numpy'], '.2f') if 'numpy' in ratio else '-'} | {ratio['numba']:.2f} |", flush=True)
    print(f"geometric means: NumPy / kjit {mean(ratios['numpy']):.2f}, Numba / kjit {mean(ratios['numba']):.2f}")


if __name__ == "__main__":
    main()
