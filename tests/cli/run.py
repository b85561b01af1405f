#!/usr/bin/env python3
"""run.py KJIT: what the command line answers, with its exit status. Exit status: 0 all right, 1 a difference."""
import pathlib
import subprocess
import sys
import tempfile

KERNEL = "from numba import njit\n\n\n@njit\ndef twice(x):\n    return x + x\n"
STAGES = ["parse", "infer", "kirgen", "passes", "lower", "optimize", "codegen", "link"]
failed = 0


def check(kjit, status, wanted, *arguments):
    global failed
    done = subprocess.run([kjit, *arguments], capture_output=True, text=True, timeout=60)
    shown = done.stdout + done.stderr
    missing = [w for w in wanted if w not in shown]
    if done.returncode != status or missing:
        failed += 1
        print(f"kjit {' '.join(arguments)}: status {done.returncode}, expected {status}; lacks {missing}\n{shown}")
    return done


def timed(done):
    return [line.split()[0] for line in done.stderr.splitlines()[1:-1]]


def expect(same, what):
    global failed
    if not same:
        failed += 1
        print(what)


def main():
    kjit = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "kernel.py"
        path.write_text(KERNEL)
        file = str(path)
        check(kjit, 2, ["there is no stage 'foo' to show; the stages are tokens, ast, types,"], "inspect", file, "twice", "i8", "--emit=foo")
        check(kjit, 2, ["did you mean 'llvm-opt'?"], "inspect", file, "twice", "i8", "--emit=llvm-op")
        check(kjit, 2, ["did you mean 'twice'?"], "inspect", file, "twise", "i8")
        check(kjit, 2, ["this stage needs the name of a function"], "inspect", file)
        check(kjit, 0, ["FunctionDef"], "inspect", file, "--emit=ast")
        check(kjit, 0, ["func @twice"], "inspect", file, "twice", "i8", "--emit", "kir")
        check(kjit, 0, ["twice(int64) -> int64"], "inspect", file, "twice", "i8", "--emit=callable")
        whole = check(kjit, 0, ["twice(int64) -> int64"], "inspect", file, "twice", "i8", "--time")
        expect(timed(whole) == STAGES, f"--time shows {timed(whole)}")
        part = check(kjit, 0, ["func @twice"], "inspect", file, "twice", "i8", "--time", "--emit=kir")
        expect(timed(part) == STAGES[:3], f"--time --emit=kir shows {timed(part)}")
        path.write_text("x = 1\nraise ValueError('no')\n")
        shown = check(kjit, 1, ["kernel.py:2:1: error: ValueError: no\n", "    2 | raise ValueError('no')\n      | ^~~~"], "run", file)
        expect("[" not in shown.stderr, "an exception is shown without a kind")
        path.write_text("import sys\nsys.exit(7)\n")
        check(kjit, 7, [], "run", file)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
