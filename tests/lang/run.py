#!/usr/bin/env python3
"""Runs kernel files and compares what they print with the expectations written in them.

    run.py --kjit build/release/bin/kjit FILE...     under kjit, at -O0 and at -O3
    run.py --cpython FILE|FOLDER...                  under CPython with NumPy, decorators doing nothing (the oracle)
    run.py ... --spec lang-spec                      the examples of the language specification as well
    run.py --kjit KJIT --rewrite FILE...             writes the expectations that kjit gives now

In a file, `# -> text` at the end of a line is one line of expected output, in order; `# kjit -> text` is one that holds for kjit
only, `# cpython -> text` for CPython only (a listed difference). In `fail_*.py` files `# error: text [kind]` stands on the line
where kjit has to report it; every error reported has to be expected. `# args: a b` at the head gives arguments, `# flags: --check`
flags of kjit; `# only: kjit` keeps a file from CPython, where Numba's own fault is in the way; `# only: device` says too that it needs a GPU,
and is skipped where there is none; `# only: simulator` that it needs the simulated one. With --cuda-sim both run there. In lang-spec, a
block ```python is run when it holds an expectation, those of cuda.md and simulator.md in the simulator.
Exit status: 0 all right, 1 a difference, 77 nothing could be run here (1 where
KJIT_TESTS_COMPLETE is set and it is not a GPU that is missing: tools/test has installed what is needed).
"""
import argparse
import contextlib
import io
import os
import pathlib
import re
import runpy
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
KJIT_FLAGS = []


def expected_output(text, oracle):
    skip = "kjit" if oracle == "cpython" else "cpython"
    lines = []
    for line in text.splitlines():
        m = re.search(r"# (?:(kjit|cpython) )?-> ?(.*)$", line)
        if m and m.group(1) != skip:
            lines.append(m.group(2))
    return lines


def expected_errors(text):
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        for m in re.finditer(r"# error: (.*?)(?= # error:|$)", line):
            found.append((number, m.group(1).strip()))
    return found


def directive(text, name):
    m = re.search(rf"^# {name}: (.*)$", text, re.M)
    return m.group(1).split() if m else []


def difference(want, got):
    for i in range(max(len(want), len(got))):
        w = want[i] if i < len(want) else "<end>"
        g = got[i] if i < len(got) else "<end>"
        if w != g:
            return f"output line {i + 1}: expected {w!r}, got {g!r}"
    return None


def of_a_gpu(path):
    """An example of the pages about kernels for a GPU."""
    return path.name.removeprefix("fail_").startswith(("cuda_", "simulator_"))


def run_kjit(kjit, path, text, simulate):
    problems = []
    flags, args = directive(text, "flags"), directive(text, "args")
    if simulate or of_a_gpu(path):
        flags.append("--cuda-sim")
    elif "simulator" in directive(text, "only"):
        return None
    for level in ("-O0", "-O3"):
        done = subprocess.run([kjit, "run", level, *KJIT_FLAGS, *flags, str(path), *args], capture_output=True, text=True, timeout=120)
        if "device" in directive(text, "only") and "no CUDA device" in done.stderr:
            return None
        if path.name.startswith("fail_"):
            problems += [f"{level}: {p}" for p in compare_errors(path, text, done)]
        else:
            where = difference(expected_output(text, "kjit"), done.stdout.splitlines())
            if where or done.returncode != 0:
                problems.append(f"{level}: {where or 'exit status %d' % done.returncode}\n{done.stderr}")
    return problems


def compare_errors(path, text, done):
    if done.returncode == 0:
        return ["no error reported"]
    if done.returncode < 0 or done.returncode > 2:
        return [f"exit status {done.returncode}\n{done.stderr}"]
    got = [(int(m.group(1)), m.group(2)) for m in re.finditer(rf"^[^\n]*{re.escape(path.name)}:(\d+):\d+: error: (.*)$", done.stderr, re.M)]
    problems = []
    for line, message in expected_errors(text):
        hit = next((g for g in got if g[0] == line and message in g[1]), None)
        if hit:
            got.remove(hit)
        else:
            problems.append(f"line {line}: expected error {message!r}")
    problems += [f"line {line}: error not expected: {message}" for line, message in got]
    return [p + ("\n" + done.stderr if i == 0 else "") for i, p in enumerate(problems)]


def run_cpython(path, text):
    if path.name.startswith("fail_"):
        compile(text, str(path), "exec") if "# not python" not in text else None
        return []
    if directive(text, "only") or of_a_gpu(path):
        return []
    out = io.StringIO()
    saved_argv, saved_path = sys.argv, list(sys.path)
    sys.argv = [str(path), *directive(text, "args")]
    sys.path.insert(0, str(path.parent))
    try:
        with contextlib.redirect_stdout(out):
            runpy.run_path(str(path), run_name="__main__")
    except SystemExit:
        pass
    except Exception as error:  # the oracle rejects the file
        return [f"{type(error).__name__}: {error}"]
    finally:
        sys.argv, sys.path[:] = saved_argv, saved_path
    where = difference(expected_output(text, "cpython"), out.getvalue().splitlines())
    return [where] if where else []


def rewrite(kjit, path, text):
    done = subprocess.run([kjit, "run", *directive(text, "flags"), str(path), *directive(text, "args")], capture_output=True, text=True)
    got = done.stdout.splitlines()
    lines, i = text.splitlines(), 0
    for n, line in enumerate(lines):
        if re.search(r"# -> ?", line) and i < len(got):
            lines[n] = re.sub(r"# -> ?.*$", "# -> " + got[i], line).rstrip()
            i += 1
    path.write_text("\n".join(lines) + "\n")


def spec_examples(folder, into):
    for page in sorted(pathlib.Path(folder).rglob("*.md")):
        for n, m in enumerate(re.finditer(r"^```python\n(.*?)^```", page.read_text(), re.M | re.S)):
            block = m.group(1)
            fails = "# error:" in block
            if fails or re.search(r"# (\w+ )?->", block):
                line = page.read_text()[: m.start()].count("\n") + 1
                path = pathlib.Path(into) / f"{'fail_' if fails else ''}{page.stem}_{line}.py"
                path.write_text(block)
                yield path


def oracle_ready():
    """Makes numba's decorators do nothing; says whether NumPy is there."""
    os.environ["NUMBA_DISABLE_JIT"] = "1"
    try:
        import numba  # noqa: F401
        import numpy
        numpy.seterr(all="ignore")
        numpy.set_printoptions(legacy="1.25")  # scalars inside tuples print as numbers, as kernels' results do
    except ImportError:
        return False
    return True


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kjit")
    parser.add_argument("--cpython", action="store_true")
    parser.add_argument("--cuda-sim", action="store_true")
    parser.add_argument("--rewrite", action="store_true")
    parser.add_argument("--spec")
    parser.add_argument("--ptx", metavar="LIBCUDA", help="files for a GPU run on this libcuda of the tests, which interprets their PTX")
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    if options.ptx:
        os.environ["KJIT_FAKE_CUDA_RUN"] = "1"
        KJIT_FLAGS.extend(["--libcuda", options.ptx])
    if options.cpython:
        venv = ROOT / ".cache/venv/bin/python"
        if venv.exists() and pathlib.Path(sys.prefix) != ROOT / ".cache/venv":
            return subprocess.call([str(venv), *sys.argv])
        if not oracle_ready():
            print("skipped: NumPy and Numba are not installed here (tools/setup --tests)")
            return 1 if os.environ.get("KJIT_TESTS_COMPLETE") else 77
        sys.modules.setdefault("kjit", sys.modules["numba"])
    with tempfile.TemporaryDirectory() as scratch:
        paths = []
        for f in map(pathlib.Path, options.files):
            paths += sorted(p for p in f.rglob("*/*.py") if not p.name.startswith("lib_")) if f.is_dir() else [f]
        if options.spec:
            paths += spec_examples(options.spec, scratch)
        failed = skipped = 0
        for path in paths:
            text = path.read_text()
            if options.rewrite:
                rewrite(options.kjit, path, text)
                continue
            problems = run_cpython(path, text) if options.cpython else run_kjit(options.kjit, path, text, options.cuda_sim)
            if problems is None:
                print(f"{path.name}: skipped: no CUDA device")
                skipped += 1
                continue
            failed += bool(problems)
            for p in problems:
                print(f"{path.name}: {p}")
        print(f"{len(paths) - failed - skipped} passed, {failed} failed, {skipped} skipped")
        return 1 if failed else 77 if skipped and skipped == len(paths) else 0


if __name__ == "__main__":
    sys.exit(main())
