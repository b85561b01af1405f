#!/usr/bin/env python3
"""check.py KJIT: `kjit check` over the kernel files of tests/lang, and what it answers. Exit status: 0 all right, 1 a difference.

Files that run have no errors; of those that fail, every error that the compiler reports ([code] at its end) is found without
running, and no other one.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/lang"))
import run as lang  # noqa: E402

# Found when it runs only: an option makes errors of warnings; a value that another argument decides.
NOT_FOUND = {("fail_races.py", "loop-order"), ("fail_races.py", "race"), ("fail_in_kernel.py", "not-constant")}
failed = 0


def expect(same, what):
    global failed
    if not same:
        failed += 1
        print(what)


def check(kjit, *arguments):
    return subprocess.run([kjit, "check", *map(str, arguments)], capture_output=True, text=True, timeout=300)


def findings(kjit, *files):
    done = check(kjit, "--json", *files)
    expect(done.returncode in (0, 1), f"kjit check --json: status {done.returncode}\n{done.stderr[-2000:]}")
    return json.loads(done.stdout)


def corpus(kjit):
    files = sorted(p for p in (ROOT / "tests/lang").rglob("*/*.py") if not p.name.startswith("lib_"))
    good = [p for p in files if not p.name.startswith("fail_")]
    errors = [f for f in findings(kjit, *good) if f["severity"] == "error"]
    expect(not errors, f"errors in files that run: {json.dumps(errors, indent=1)}")
    bad = [p for p in files if p.name.startswith("fail_")]
    found = [f for f in findings(kjit, *bad) if f["severity"] == "error"]
    seen = 0
    for path in bad:
        here = [(f["line"], f"{f['message']} [{f['code']}]") for f in found if f["file"] == str(path)]
        for line, message in lang.expected_errors(path.read_text()):
            hit = next((h for h in here if h[0] == line and message in h[1]), None)
            if hit:
                here.remove(hit)
                seen += 1
            else:
                code = message.rpartition("[")[2].rstrip("]")
                compiled = message.endswith("]") and (path.name, code) not in NOT_FOUND
                expect(not compiled, f"{path.name}:{line}: not found: {message}")
        expect(not here, f"{path.name}: not expected: {here}")
    expect(seen > 100, f"only {seen} expected errors were found")


MANY = '''import numpy as np
from numba import njit
import sys

while len(sys.argv) > 100:
    pass
print("never", undefined_here)
TABLE = np.arange(3)
unknown = sys.argv


@njit(paralel=True)
def option(a):
    return np.sqqrt(a)


@njit
def untyped(x):
    return lenn(x) + TABLE[0]


@njit
def typed(a, n):
    s = a.shap
    return (a[n], n) + 1


@njit("f8(f8[:])")
def signed(a):
    return a[0] + "text"


@njit
def annotated(x: "float64[:]", k: int):
    return x.sizes


def main(a):
    try:
        hidden = 1
    except ValueError:
        pass
    print(typed(a, 3), np.arrange(3))


main(np.ones((2, 3)))
'''
# Line, column, code, hint.
FOUND = [(7, 16, "undefined-name", None), (12, 7, "unknown-option", "did you mean 'parallel'?"), (14, 12, "unknown-function", "did you mean 'sqrt'?"),
         (19, 12, "undefined-name", "did you mean 'len'?"), (24, 11, "unknown-attribute", "did you mean 'shape'?"),
         (25, 12, "bad-operand", None), (30, 12, "bad-operand", None), (35, 14, "unknown-attribute", "did you mean 'size'?"),
         (39, 5, "not-supported", None), (43, 27, "unknown-attribute", "did you mean 'arange'?")]


def answers(kjit, folder):
    path = folder / "many.py"
    path.write_text(MANY)
    found = findings(kjit, path)
    got = [(f["line"], f["column"], f["code"], f["hint"]) for f in found]
    expect(got == FOUND, f"many.py: {got}")
    expect(all(f["file"] == str(path) and f["severity"] == "error" and f["end"]["column"] > f["column"] for f in found), f"JSON: {found}")
    notes = [n["message"] for f in found for n in f["notes"]]
    expect(any("'typed' is called with (array(float64, 2d, C)" in n for n in notes), f"no note tells the types: {notes}")
    done = check(kjit, path)
    expect(done.returncode == 1 and not done.stdout, f"status {done.returncode}: {done.stdout}")
    for text in ["many.py:14:12: error: numpy.sqqrt is not a function", "   14 |     return np.sqqrt(a)\n      |            ^~~~~~~~",
                 "10 errors, 0 warnings; 3 functions typed", "not typed, for want of a signature or a call whose types can be told: option"]:
        expect(text in done.stderr, f"lacks {text!r}:\n{done.stderr}")
    fine = folder / "fine.py"
    fine.write_text("import lib\nfrom numba import njit\n\n\n@njit\ndef f(x):\n    return lib.twice(x)\n\n\nf(2)\n")
    (folder / "lib.py").write_text("from numba import njit\nprint('never')\nwhile True:\n    pass\n\n\n@njit\ndef twice(x):\n    return 2 * x\n")
    done = check(kjit, fine)
    expect(done.returncode == 0 and done.stderr == "0 errors, 0 warnings; 1 function typed\n", f"fine.py: {done.returncode} {done.stderr}")
    done = check(kjit, "--json", fine)
    expect((done.returncode, done.stdout, done.stderr) == (0, "[]\n", ""), f"fine.py: {done.stdout}{done.stderr}")
    (folder / "lib.py").write_text("def twice(x:\n    return 2 * x\n")
    found = findings(kjit, fine, folder / "none.py", folder)
    expect([(pathlib.Path(f["file"]).name, f["code"]) for f in found] ==
           [("lib.py", "syntax-error"), ("none.py", "unreadable-file"), (folder.name, "unreadable-file")], f"a module that does not parse: {found}")
    expect(check(kjit).returncode == 2 and check(kjit, "--jason", fine).returncode == 2, "wrong command lines")


def main():
    with tempfile.TemporaryDirectory() as folder:
        corpus(sys.argv[1])
        answers(sys.argv[1], pathlib.Path(folder))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
