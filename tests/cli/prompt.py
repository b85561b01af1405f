#!/usr/bin/env python3
"""prompt.py KJIT GROUP: kjit without a command: -c, pipes, -i, the prompt on a terminal. Exit status: 0 right, 77 cannot run here."""
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

from terminal import PATIENCE, Terminal

KJIT = os.path.abspath(sys.argv[1])
os.environ.pop("KJIT_HISTORY", None)


def run(*arguments, given="", **more):
    """Standard output, standard error, exit status."""
    text = given if isinstance(given, bytes) else given.encode()
    done = subprocess.run([KJIT, *map(str, arguments)], input=text, capture_output=True, timeout=PATIENCE, **more)
    return done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"), done.returncode


def same(found, wanted):
    assert found == wanted, f"{found!r} is not {wanted!r}"


def holds(text, *parts):
    for part in parts:
        assert part in text, f"{part!r} is not in\n{text}"


def code(folder):
    """-c and pipes are scripts, with Python's exit statuses."""
    same(run("-c", "print(1)"), ("1\n", "", 0))
    same(run("-c", "import sys\nprint(sys.argv, __name__)", "-x", "--check", "run"), ("['-c', '-x', '--check', 'run'] __main__\n", "", 0))
    same(run("-c", "import sys; sys.exit(7)")[2], 7)
    same(run("-c", "import sys; sys.exit('no')"), ("", "no\n", 1))
    out, err, status = run("-c", "print(2)\nx = 1 // 0")
    same((out, status), ("2\n", 1))
    holds(err, "<string>:2:5: error: ZeroDivisionError", "x = 1 // 0", "^~~~")
    out, err, status = run("-c", "print(1")
    same((out, status), ("", 1))
    holds(err, "<string>:1:6: error: '(' was never closed")
    same(run("-c", "5")[0], "")  # a script shows no values
    same(run("--check", "-O1", "-c", "import numpy as np\nfrom numba import njit\n@njit\ndef f(a): return a[7]\nf(np.ones(3))")[2], 1)
    same(run(given="import sys\nprint(3, sys.argv)\n"), ("3 ['']\n", "", 0))
    same(run("-", "a", "-b", given="import sys\nprint(3, sys.argv)\n"), ("3 ['-', 'a', '-b']\n", "", 0))
    holds(run(given="1 +")[1], "<stdin>:1:")
    same(run(given=""), ("", "", 0))
    (pathlib.Path(folder) / "local.py").write_text("x = 41\n")
    same(run("-c", "import local; print(local.x + 1)", cwd=folder), ("42\n", "", 0))
    for words, said in (["-c"], "-c needs the code"), (["nosuch"], "there is no command 'nosuch'"), (["ru"], "did you mean 'run'?"), (["--chekc"], "--chekc"), (["-i", "-"], "'-'"):
        out, err, status = run(*words)
        same(status, 2)
        holds(out + err, said)
    holds(run("--help")[0], "-c CODE", "-i", "run", "inspect")


def bad_input(folder):
    """Nothing that comes in makes it crash: a message, and status 1."""
    for given in b"\xff\xfe\x00", b"x = '\xc3'", b"\x00", b"(" * 100000, b"x = " + b"-" * 100000 + b"1", b"if x:\n" * 300, b"9" * 200000:
        out, err, status = run(given=given)
        same(status, 1)
        holds(err, "error: ")
    chance = random.Random(7)
    for _ in range(4):
        given = bytes(chance.randrange(256) for _ in range(3000))
        assert run(given=given)[2] == 1
        lines = given + b"\n%who\n\nprint('alive', 6 * 7)\n"
        out, err, status = run("-i", given=lines.replace(b"%load", b"").replace(b"exit", b""))
        assert status == 0, err[-2000:]
    out, err, status = run("-i", given="def f(n): return f(n + 1)\n\nf(0)\nfrom numba import njit\n@njit\ndef g(n): return g(n + 1) + 1\n\n" + "[" * 300 + "\n\n9999999999999999999999\n'alive'\n")
    same(status, 0)
    holds(err, "RecursionError")
    holds(out, "'alive'")


SESSION = """
import numpy as np
from numba import njit

2 + 3
_ * 2
'text'
None
x = 5
for i in range(2): i

(1,
 2)
np.array([[1.5, 2.0], [3.0, 4.0]])
@njit
def g(x):
    return x + 1

@njit
def f(x):
    return g(x) * 10

f(1)
@njit
def g(x):
    return x + 2

f(1)
1 / 0
n = 3
@njit
def h(): return n

h()
n = 4.5
h()
h(1, 2)
def plain(a, b=2, *rest):
    "Says what it does."
    return a

plain?
np.sqrt?
np.sqr?
%who
%time f(2)
%timeit -n 10 -r 2 f(2)
%inspect f --emit=callable i8
%inspect f --emit=asmm
%timit
%explain undefined-name
%explain undefined-nam
%threads
%reset
f(1)
sys
"""


def session(folder):
    """One scope, values shown, errors that leave it alive, functions that are defined anew, commands."""
    out, err, status = run("-i", given=SESSION)
    same(status, 0)
    shown = out.replace(">>> ", "").replace("... ", "")
    holds(shown, "5\n10\n'text'\n0\n1\n(1, 2)\narray([[1.5, 2. ],\n       [3. , 4. ]])\n20\n30\n3\n4.5\n",
          "function: plain(a, b=..., *rest)\nSays what it does.\ndefined in <input ", "built-in function: sqrt(x, out=)\n",
          "x                int                5\n", "f                kernel             f(x)\n", "of which the compiler took", "runs of 10 loops",
          "f(int64) -> int64", "threads in a parallel region", "# undefined-name")
    holds(err, ":1:1: error: ZeroDivisionError: division by zero", "1 / 0\n", "^~~", "error: TypeError: h() takes 0", "there is no 'np.sqr': did you mean 'np.sqrt'?",
          "did you mean 'asm'?", "there is no command '%timit': did you mean '%timeit'?", "did you mean 'undefined-name'?", "name 'f' is not defined", "name 'sys' is not defined")
    kept = dict(os.environ, KJIT_CACHE_DIR=str(pathlib.Path(folder) / "cache"))
    for _ in range(2):  # the second finds what the first has compiled, and follows definitions all the same
        holds(run("-i", given=SESSION, env=kept)[0].replace(">>> ", "").replace("... ", ""), "\n20\n30\n3\n4.5\n")
    path = pathlib.Path(folder) / "part.py"
    path.write_text("y = 20\ndef twice(x): return x + x\n")
    given = f"twice(y)\n%run {path}\n%load {path}\n%run {path.with_name('none.py')}\n%load {path.with_name('none.py')}\ntwice(3)\nimport sys\nsys.exit(5)\nprint('never')\n"
    out, err, status = run("-i", path, "a", given=given)
    same(status, 5)
    holds(out, ">>> 40\n", ">>> 6\n")
    assert "never" not in out
    assert err.count("none.py") == 2, err
    out, err, status = run("-i", "-c", "z = 1 // 0", given="1 + 1\n")
    same((out, status), (">>> 2\n>>> \n", 0))
    holds(err, "<string>:1:5: error: ZeroDivisionError")
    same(run("-i", given="def f():\n\ndef g():\n  return 8\n\ng()\n")[0].count("8"), 1)
    same(run("-i", given="print('exit')\nexit\nprint('never')\n")[::2], (">>> exit\n>>> ", 0))


def terminal(folder):
    """The prompt on a terminal that cannot be edited on: every build has it."""
    shell = Terminal([KJIT], folder, "dumb", NO_COLOR="1")
    shell.wait("%help")
    shell.wait(">>> ")
    shell.type("6 * 7\n")
    shell.wait("\n42\n>>> ")
    shell.type("x = (1,\n")
    shell.wait("... ")
    shell.type("2)\nx\n")
    shell.wait("(1, 2)\n>>> ")
    shell.type("y = [\n")
    shell.wait("... ")
    shell.type("\x03")
    shell.wait("KeyboardInterrupt\n>>> ")
    shell.type("nope\n")
    shell.wait("name 'nope' is not defined")
    shell.wait(">>> ")
    shell.type("\x04")
    same(shell.close(), 0)
    assert b"\033[" not in shell.raw, shell.raw


FOREVER = """from numba import njit
import numpy as np

@njit
def until(n):
    s = 0
    while s >= 0:
        s = (s + n) % 1000
    return s

@njit
def count(n):
    s = 0.0
    for i in range(10**18):
        s += i * n
    return s

def outer():
    print("begun")
    until(3)

def spin():
    print("begun")
    while True:
        pass

def nap():
    print("begun")
    import time
    time.sleep(10000)
"""


def interrupts(folder):
    """Ctrl-C ends what runs, and only that."""
    path = pathlib.Path(folder) / "forever.py"
    path.write_text(FOREVER)
    shell = Terminal([KJIT, "-i", path], folder, "dumb")
    shell.wait(">>> ")
    for line, place in ("outer()", "forever.py:7:5: error: KeyboardInterrupt"), ("spin()", "forever.py:24:11: error: KeyboardInterrupt"), ("nap()", "error: KeyboardInterrupt"), ("print('beg' + 'un'); sum(range(10**15))", "error: KeyboardInterrupt"), ("print('beg' + 'un'); count(3)", "forever.py:14:5: error: KeyboardInterrupt"):
        shell.type(line + "\n")
        shell.wait("begun\n")
        if "count" in line:
            time.sleep(0.2)  # it compiles; an interrupt before it runs would do as well
        shell.type("\x03")
        shell.wait(place)
        shell.wait(">>> ")
    shell.type("6 * 7\n")
    shell.wait("\n42\n>>> ")
    shell.type("\x03")
    shell.wait("KeyboardInterrupt\n>>> ")
    shell.type("\x04")
    same(shell.close(), 0)
    script = subprocess.Popen([KJIT, "-c", "print('begun', flush=True)\nwhile True: pass"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(0.3)
    script.send_signal(signal.SIGINT)
    out, err = script.communicate(timeout=PATIENCE)
    assert script.returncode in (130, -signal.SIGINT), (out, err, script.returncode)


def editing(folder):
    """Keys, pasted text, completion, earlier inputs: where kjit was built with libedit."""
    if b"libedit.so" not in pathlib.Path(KJIT).resolve().read_bytes():
        return 77
    history = pathlib.Path(folder) / "state" / "kjit" / "history"
    shell = Terminal([KJIT], folder, XDG_STATE_HOME=str(history.parent.parent))

    def enter(keys, *shown):
        """Types at the next prompt: what is typed before it comes goes through a terminal with other modes."""
        shell.wait(">>> ")
        shell.type(keys)
        for text in shown:
            shell.wait(text)

    enter("6 * 8\x7f7\n", "\n42\n")
    assert b"\033[1;32m>>> " in shell.raw, shell.raw
    enter("import numpy as np\n")
    enter("np.linsp\t(0, 1, 3)\n", "array([0. , 0.5, 1. ])")
    enter("np.zer\t(2).sh\t\n", "has no attribute 'sh'")  # a call is not evaluated for completion
    enter("longer_name = np.ones(2)\n")
    enter("long\t.sh\t\n", "\n(2,)\n")
    enter("np.lin\t\t", "\nlinalg ", "linspace\n", ">>> np.lin")
    shell.type("\x01\x0b\033[200~def f(x):\r    y = x\r\r    return y * 1000\r\rf(7)\r\033[201~")
    shell.wait("f(7)")
    shell.type("\r")
    shell.wait("\n7000\n")
    enter("\033[A", "return y")
    shell.type("\r")
    shell.wait("\n7000\n")
    enter("'é€😀'\n", "\n'é€😀'\n")
    enter(b"'\xff\xfe' + 'ok' * 2\n", "okok'\n")
    enter("half a line\x03", "KeyboardInterrupt\n")
    enter("6 *", "6 *")
    for change in signal.SIGWINCH, signal.SIGCONT:  # another size; back from where a shell had stopped it
        os.kill(shell.pid, change)
    shell.type(" 9\n")
    shell.wait("\n54\n")
    enter("1 // 0\n", "ZeroDivisionError")
    assert b"\033[1;31merror:" in shell.raw, shell.raw
    enter("   \x04\x15\x04")
    same(shell.close(), 0)
    same(history.stat().st_mode & 0o777, 0o600)
    same(history.parent.stat().st_mode & 0o777, 0o700)
    holds(history.read_text(), "6 * 7\nimport numpy as np\n", "def f(x):\\n    y = x\\n\\n    return y * 1000\\n\\nf(7)\n")
    history.write_text("x = 'old\\\\n'\n" + "".join(f"'line {i}'\n" for i in range(5000)))
    shell = Terminal([KJIT], folder, XDG_STATE_HOME=str(history.parent.parent), NO_COLOR="1")
    shell.wait(">>> ")
    shell.type("\033[A\033[A\n")
    shell.wait("\n'line 4998'\n")
    shell.wait(">>> ")
    shell.type("1 // 0\n")
    shell.wait("ZeroDivisionError")
    shell.wait(">>> ")
    shell.type("\x04")
    same(shell.close(), 0)
    assert b"\033[1;3" not in shell.raw, shell.raw
    same(len(history.read_text().splitlines()), 2002)
    return 0

# What is typed, and what comes of it. Of the kinds that introductions to Numba show, and that people ask about.
GUIDE = [
    ("import numpy as np", ""),
    ("from numba import jit, njit, prange", ""),
    ("x = np.arange(100.0).reshape(10, 10)", ""),
    ("@jit(nopython=True)\ndef go(a):\n    t = 0.0\n    for i in range(a.shape[0]):\n        t += np.tanh(a[i, i])\n    return a + t\n", ""),
    ("go(x)[0, :3]", "array([ 9., 10., 11.])\n"),
    ("go(x).shape, go(x).dtype", "((10, 10), dtype('float64'))\n"),
    ("np.allclose(go(x), go.py_func(x))", "True\n"),
    ("go(5)", ":4:22: error: int (Python) has no attribute 'shape' [unknown-attribute]\n"),
    ("go(x, x)", "error: TypeError: go() takes 1 "),
    ("import pandas as pd", "error: there is no module 'pandas' [unknown-module]\n"),
    ("np.zeross(3)", "has no attribute 'zeross' (did you mean 'zeros'?)\n"),
    ("@njit\ndef bad(u):\n    return u + {'a': 1}\n", ""),
    ("bad(1)", ":3:16: error: a dict in a kernel is not supported"),
    ("@njit\ndef mix(a, b):\n    return a + b\n", ""),
    ("mix(1, 2.5)", "3.5\n"),
    ("mix('a', 1)", ":3:12: error: operator '+' does not take a string and int (Python)"),
    ("@njit\ndef undefined(y):\n    return y + nothing\n", ""),
    ("undefined(1)", ":3:16: error: name 'nothing' is not defined"),
    ("nothing = 4", ""),
    ("undefined(1)", "5\n"),
    ("nothing = 5", ""),
    ("undefined(1)", "6\n"),
    ("@njit(boundscheck=True)\ndef at(a, i): return a[i]\n", ""),
    ("at(np.ones(3), 7)", "error: IndexError: "),
    ("@njit\ndef ratio(a, b): return a / b\n", ""),
    ("ratio(1, 0)", "error: ZeroDivisionError: division by zero\n"),
    ("@njit(parallel=True)\ndef total(n):\n    s = 0\n    for i in prange(n): s += i\n    return s\n", ""),
    ("total(1000)", "499500\n"),
    ("%timeit -n 100 -r 3 total(1000)", "runs of 100 loops)\n"),
    ("%time go(x).sum()", "of which the compiler took"),
    ("go?", "kernel: go(a)\n"),
    ("%inspect total i8 --emit=parallel", "error: "),  # the stage comes before the types
    ("%inspect total --emit=parallel i8", "parallel"),
    ("def plain(n):\n    return [mix(i, 0.5) for i in range(n)]\n", ""),
    ("plain(3)", "[0.5, 1.5, 2.5]\n"),
    ("@njit\ndef mix(a, b):\n    return a * b\n", ""),
    ("plain(3)", "[0.0, 0.5, 1.0]\n"),
    ("if x[0, 1] == 1:\n    'one'\nelse:\n    'other'\n", "'one'\n"),
    ("x[0, 1] = 7; x[0, :2]", "array([0., 7.])\n"),
    ("_ + 1", "array([1., 8.])\n"),
    ("f'{_[1]:.2f}'", "'8.00'\n"),
    ("try: 1\n", "error: "),
]


def guide(folder):
    """A first session, typed line by line: sensible results and messages."""
    shell = Terminal([KJIT], folder, NO_COLOR="1", KJIT_HISTORY="")
    for text, shown in GUIDE:
        for i, line in enumerate(text.split("\n")):
            shell.wait(">>> " if i == 0 else "... ")
            shell.type(line + "\n")
        if shown:
            shell.wait(shown)
    shell.wait(">>> ")
    shell.type("\x04")
    same(shell.close(), 0)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as where:
        sys.exit({f.__name__: f for f in (code, bad_input, session, terminal, interrupts, editing, guide)}[sys.argv[2]](where))
