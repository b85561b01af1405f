#!/usr/bin/env python3
"""run.py KJIT: what the command line answers, with its exit status. Exit status: 0 all right, 1 a difference."""
import os
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


def command_lines(kjit, path):
    file = str(path)
    path.write_text(KERNEL + "import sys\nprint(sys.argv[1:])\nprint(twice(4))\n")
    rest = ["--check", "a", "-h", "-x", "--", "-O", "run"]
    for options in [], ["--check"], ["-O", "1"], ["-O1"], ["-gO", "0"], ["--cpu", "x86-64"], ["--cpu=x86-64", "-g"], ["--"]:
        check(kjit, 0, [f"{rest}\n8\n"], "run", *options, file, *rest)
    check(kjit, 0, ["[]\n8\n"], "run", file)
    check(kjit, 2, ["'kjit run' has no option '--chekc': did you mean '--check'?"], "run", "--chekc", file)
    check(kjit, 2, ["'kjit run' has no option '-x'"], "run", "-x", file)
    check(kjit, 2, [], "run")
    check(kjit, 2, [], "run", "--check")
    check(kjit, 2, [], "run", "-O", "7", file)
    check(kjit, 2, [], "nosuch", file)
    check(kjit, 2, ["did you mean 'haswell'?"], "run", "--cpu", "haswel", file)
    check(kjit, 2, ["no 64-bit mode"], "inspect", "--cpu=pentium4", file, "twice", "i8", "--emit=asm")
    odd = path.with_name("-odd.py")
    odd.write_text("import sys\nprint(len(sys.argv))\n")
    done = subprocess.run([kjit, "run", "--", odd.name, "-a"], capture_output=True, text=True, cwd=odd.parent)
    expect(done.stdout == "2\n", f"kjit run -- -odd.py -a: {done.stdout}{done.stderr}")
    check(kjit, 0, ["[args...]", "--check"], "run", "--help")


RACE = '''import numpy as np
from numba import njit, prange


@njit(parallel=True)
def f(a):
    for i in prange(1, a.size):
        a[i] = a[i - 1] + 1
    return a[-1]


print(f(np.zeros(5)), f(np.zeros(5, np.int64)))
'''


def races(kjit, path):
    path.write_text(RACE)
    done = check(kjit, 0, ["4.0 4\n"], "run", str(path))
    place = f"{path}:8:9: warning: an iteration of the loop over 'i' reads elements of 'a' that others store to (1 iteration before) [race]"
    expect(done.stderr.count(place) == 1, f"one warning for both specialisations: {done.stderr}")
    expect("this loop runs in order, on one thread" in done.stderr, f"what becomes of the loop: {done.stderr}")
    expect(not check(kjit, 0, [], "run", "--races=ignore", str(path)).stderr, "nothing is said with --races=ignore")
    check(kjit, 1, [place.replace("warning:", "error:")], "run", "--races=error", str(path))
    check(kjit, 2, ["--races"], "run", "--races=perhaps", str(path))
    shown = [":7:5: serial: in order, on one thread: an iteration of the loop over 'i' reads", "(line 8); store to another array"]
    check(kjit, 0, shown, "inspect", str(path), "f", "f8[::1]", "--emit=parallel")


def threads(kjit, path):
    path = path.with_name("count.py")
    path.write_text("from numba import get_num_threads\nprint('threads', get_num_threads())\n")
    file = str(path)
    for name in "KJIT_NUM_THREADS", "NUMBA_NUM_THREADS":
        os.environ.pop(name, None)
    check(kjit, 0, ["threads 5\n"], "run", "--threads", "5", file)
    for wrong in "0", "257", "-1", "x":
        check(kjit, 2, ["--threads"], "run", "--threads", wrong, file)
    os.environ["NUMBA_NUM_THREADS"] = "3"
    check(kjit, 0, ["threads 3\n"], "run", file)
    os.environ["KJIT_NUM_THREADS"] = "7"
    check(kjit, 0, ["threads 7\n"], "run", file)
    check(kjit, 0, ["threads 5\n"], "run", "--threads", "5", file)
    check(kjit, 0, ["threads: 7 in a parallel region", "scheduler: oneTBB"], "info")
    for wrong in "0", "257", "many", "3 ", "99999999999":
        os.environ["KJIT_NUM_THREADS"] = wrong
        check(kjit, 2, [f"KJIT_NUM_THREADS is '{wrong}', not a number from 1 to 256"], "run", file)
    for name in "KJIT_NUM_THREADS", "NUMBA_NUM_THREADS":
        del os.environ[name]


LANES = '''import numpy as np
from numba import njit, prange


@njit
def wave(a):
    return np.exp(a) * np.log(a)


@njit(parallel=True)
def total(n):
    s = 0.0
    for i in prange(n):
        s += np.sqrt(i)
    return s


print(round(wave(np.ones(100) * 2.0).sum(), 6), round(total(1000000), 3))
'''


def missing_libraries(kjit, path):
    """A tree without the scheduler, where SLEEF cannot be opened: everything runs, and says what is missing."""
    folder = path.parent / "lib"
    folder.mkdir()
    build = pathlib.Path(kjit).resolve().parent.parent / "lib"
    for name in "libkjit.so", "libkjit_rt.so", "libkjit-llvm.so":
        (folder / name).symlink_to(build / name)
    file = path.with_name("lanes.py")
    file.write_text(LANES)
    said = check(kjit, 0, [], "run", str(file)).stdout
    report = check(kjit, 0, ["lanes"], "inspect", str(file), "wave", "f8[::1]", "--emit=vectorization").stdout
    there = "vector math: SLEEF" in check(kjit, 0, ["vector math: "], "info").stdout
    before = os.environ.get("LD_LIBRARY_PATH")
    os.environ["LD_LIBRARY_PATH"] = str(folder)
    check(kjit, 0, ["scheduler: none: ", "libkjit_threads.so", "parallel regions run on the thread that calls"], "info")
    expect(check(kjit, 0, [], "run", str(file)).stdout == said, "without the scheduler the result is another one")
    (folder / "libsleef.so.3").touch()
    check(kjit, 0, ["vector math: none: ", "libsleef.so.3"], "info")
    check(kjit, 0, [said.split()[0]], "run", str(file))
    without = check(kjit, 0, ["lanes.py:7:"], "inspect", str(file), "wave", "f8[::1]", "--emit=vectorization").stdout
    expect("for want of SLEEF" in without and "libsleef3" in without, f"nothing says that SLEEF is missing: {without}")
    expect(not there or "SLEEF" not in report, f"SLEEF is there: {report}")
    if before is None:
        del os.environ["LD_LIBRARY_PATH"]
    else:
        os.environ["LD_LIBRARY_PATH"] = before


def perf(kjit, path):
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JITDUMPDIR"] = folder
        check(kjit, 0, ["8\n"], "run", "--perf", str(path))
        del os.environ["JITDUMPDIR"]
        dumps = [d.read_bytes() for d in pathlib.Path(folder).rglob("*.dump")]
        expect(any(b"twice" in d for d in dumps), f"--perf: {len(dumps)} files, none names the kernel")


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
        part = check(kjit, 0, ["twice"], "inspect", file, "twice", "i8", "--time", "--emit=asm")
        expect(timed(part) == STAGES[:7], f"--time --emit=asm shows {timed(part)}")
        check(kjit, 2, ["'kjit inspect' has no option '--emti': did you mean '--emit'?"], "inspect", file, "twice", "--emti=asm")
        check(kjit, 2, ["'more' is one argument too many"], "inspect", file, "twice", "i8", "more")
        check(kjit, 1, ["it is a directory"], "inspect", folder, "twice")
        check(kjit, 1, ["it is a directory"], "run", folder)
        command_lines(kjit, path)
        threads(kjit, path)
        perf(kjit, path)
        races(kjit, path)
        missing_libraries(kjit, path)
        path.write_text("x = 1\nraise ValueError('no')\n")
        shown = check(kjit, 1, ["kernel.py:2:1: error: ValueError: no\n", "    2 | raise ValueError('no')\n      | ^~~~"], "run", file)
        expect("[" not in shown.stderr, "an exception is shown without a kind")
        path.write_text("import sys\nsys.exit(7)\n")
        check(kjit, 7, [], "run", file)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
