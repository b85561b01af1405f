#!/usr/bin/env python3
"""Runs the decorated functions of public source trees as they stand under kjit and compares with CPython and Numba.

    run.py --kjit build/release/bin/kjit PATH...    a table per tree, and every function that is not right
      --only TEXT     functions whose qualified name holds TEXT
      --scratch DIR   keep kernels, scripts, inputs and outputs there, and use what an earlier run prepared there
      --plain         functions at the top level of files count without a decorator too
      --list          every function, right ones too

Needs NumPy and Numba (tools/setup --tests). Nothing of the trees is kept. Exit status: 1 when an answer is wrong or kjit crashes.
"""
import argparse
import collections
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

os.environ["NUMBA_DISABLE_JIT"] = "1"
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
MEMORY, SECONDS = 8 << 30, 20
STATES = ("right", "rejected", "wrong", "crash", "refused", "no inputs")


def in_child(work, seconds):
    """Runs work() in a forked child with limits; its JSON result, or what went wrong as text."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        try:
            result = json.dumps(work())
        except BaseException as error:
            result = json.dumps(f"{type(error).__name__}: {error}")
        with os.fdopen(write, "w") as stream:
            stream.write(result)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as stream:
        text = stream.read()
    os.waitpid(child, 0)
    return json.loads(text) if text else "out of time"


def execute(command, folder, environment=None):
    """(exit status, stdout, stderr) of a command with limits; its arrays go to folder/out."""
    (folder / "out").mkdir(exist_ok=True)
    for old in (folder / "out").iterdir():
        old.unlink()

    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, env=environment, preexec_fn=limits)
        return done.returncode, done.stdout, done.stderr
    except subprocess.TimeoutExpired:
        return -99, "", "out of time"


def number(word):
    if word in ("True", "False", "None"):
        return word
    try:
        return int(word)
    except ValueError:
        return complex(word)


def text_difference(want, got):
    want, got = want.splitlines(), got.splitlines()
    if len(want) != len(got):
        return f"{len(got)} lines printed instead of {len(want)}"
    for w, g in zip(want, got):
        if w == g:
            continue
        try:
            a, b = number(w.split(" ", 1)[1]), number(g.split(" ", 1)[1])
        except (ValueError, IndexError):
            return f"{g!r} instead of {w!r}"
        if type(a) is not type(b) or not isinstance(a, complex) or not close(a, b, 1e-5 if "_single " in w else 1e-9):
            return f"{g!r} instead of {w!r}"
    return None


def close(a, b, tolerance=1e-9):
    import numpy as np
    return bool(np.allclose(a, b, rtol=tolerance, atol=1e-12, equal_nan=True))


def difference(case, want, printed):
    """How case/out differs from the results in `want`, or None."""
    import numpy as np
    where = text_difference((want / "printed").read_text(), printed)
    if where:
        return where
    for file in sorted(want.glob("*.npy")):
        other = case / "out" / file.name
        if not other.exists():
            return f"{file.stem} is missing"
        a, b = np.load(file), np.load(other)
        if a.dtype != b.dtype or a.shape != b.shape:
            return f"{file.stem}: {b.dtype}{b.shape} instead of {a.dtype}{a.shape}"
        exact = a.dtype.kind not in "fc"
        if not (np.array_equal(a, b) if exact else close(a, b, 1e-4 if a.dtype in ("f4", "c8") else 1e-9)):
            return f"{file.stem}: values differ: {b.ravel()[:6]} instead of {a.ravel()[:6]}"
    return None


def numba_result(case):
    """Runs the script under Numba into case/numba; False when Numba does not run it either."""
    environment = {k: v for k, v in os.environ.items() if k != "NUMBA_DISABLE_JIT"}
    status, printed, _ = execute([sys.executable, "script.py"], case, environment)
    if status != 0:
        return False
    (case / "out").rename(case / "numba")
    (case / "numba" / "printed").write_text(printed)
    return True


def judge(kjit, case):
    status, printed, errors = execute([kjit, "run", "script.py"], case)
    if status < 0 or status > 2:
        return "crash", (errors.strip().splitlines() or [f"exit status {status}"])[-1]
    if (case / "raises").exists() and status == 1 and (case / "raises").read_text() + ":" in errors:
        return "right", ""
    if status != 0:
        if not (case / "numba").exists() and not numba_result(case):
            return "refused", "Numba does not take these arguments either"
        message = re.search(r"error: (.*)", errors)
        return ("rejected", message.group(1)) if message else ("rejected", errors.strip()[-200:] or f"exit status {status}")
    where = difference(case, case / "cpython", printed)
    if not where:
        return "right", ""
    kept = case / "kjit"
    shutil.rmtree(kept, ignore_errors=True)
    (case / "out").rename(kept)
    if (case / "numba").exists() or numba_result(case):
        shutil.rmtree(case / "out", ignore_errors=True)
        shutil.copytree(kept, case / "out")
        if not difference(case, case / "numba", printed):
            return "right", "as Numba, not as CPython: " + where
    return "wrong", where


def run_kernel(kernel, options, folder):
    """(state, detail, constructs outside of the language)"""
    import cases
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / "prepared.json").exists():
        prepared = json.loads((folder / "prepared.json").read_text())
    else:
        (folder / "kernel.py").write_text(kernel.text)
        prepared = in_child(lambda: cases.prepare(kernel, folder), 60)
        (folder / "prepared.json").write_text(json.dumps(prepared))
    if isinstance(prepared, str):
        return "no inputs", prepared, []
    if not prepared["cases"]:
        return "no inputs", "", []
    verdicts = [judge(options.kjit, folder / f"case{n}") for n in range(prepared["cases"])]
    for state in ("crash", "wrong", "rejected", "right", "refused"):
        hit = next((f"case{n}: {d}" if d else "" for n, (s, d) in enumerate(verdicts) if s == state), None)
        if hit is not None:
            return state, hit, prepared["outside"]
    raise AssertionError("no verdict")


def report(name, results, others, elsewhere, unreadable, options):
    print(f"\n== {name}: {len(results)} functions stand on their own ({elsewhere} with helpers of other files), {len(others)} do not; {len(unreadable)} files not read")
    for kernel, state, detail, outside in sorted(results, key=lambda r: (STATES.index(r[1]), bool(r[3]))):
        if state != "right" or detail or options.list:
            print(f"  {state:9} {'outside' if outside else 'within':7} {kernel.qualified}  {detail}" + (f"  [{', '.join(outside)}]" if outside else ""))
    if options.list:
        for why, n in collections.Counter(w for _, w in others).most_common():
            print(f"  needs {why}: {n}")


def share_row(name, results):
    states = collections.Counter(r[1] for r in results)
    within = [r for r in results if not r[3] and r[1] not in ("no inputs", "refused")]
    good = sum(r[1] == "right" for r in within)
    share = f"{good}/{len(within)} = {100 * good / len(within):.0f}%" if within else "-"
    return f"{name:14} {len(results):5} " + " ".join(f"{states[s]:9}" for s in STATES) + f"  {share}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--only", default="")
    parser.add_argument("--scratch")
    parser.add_argument("--plain", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("paths", nargs="+")
    options = parser.parse_args()
    options.kjit = str(pathlib.Path(options.kjit).resolve())
    try:
        import numba  # noqa: F401
        import numpy  # noqa: F401
    except ImportError:
        print("skipped: NumPy and Numba are not installed here (tools/setup --tests)")
        return 77
    import extract
    with tempfile.TemporaryDirectory() as temporary:
        scratch = pathlib.Path(options.scratch or temporary).resolve()
        everything, rows = [], []
        for path in options.paths:
            kernels, others, unreadable = extract.scan(path, options.plain)
            kernels = [k for k in kernels if options.only in k.qualified]
            results = []
            for n, kernel in enumerate(kernels):
                results.append((kernel, *run_kernel(kernel, options, scratch / kernel.repository / f"{n:03}_{kernel.name}")))
            name = pathlib.Path(path).resolve().name
            report(name, results, others, sum(k.elsewhere for k in kernels), unreadable, options)
            rows.append(share_row(name, results))
            everything += results
        print(f"\n{'':14} {'run':>5} " + " ".join(f"{s:>9}" for s in STATES) + "  right within the language")
        print("\n".join([*rows, share_row("total", everything)]))
    return 1 if any(r[1] in ("wrong", "crash") for r in everything) else 0


if __name__ == "__main__":
    sys.exit(main())
