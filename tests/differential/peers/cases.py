"""Finds arguments for one kernel, records CPython's results, writes the scripts that repeat the calls."""
import ast
import contextlib
import copy
import inspect
import io
import os
import pathlib
import signal
import time
import warnings

import numba
import numpy as np

import inputs
import language
import table

CASES, ATTEMPTS, SEARCH_SECONDS = 4, 900, 8
OTHER_KINDS = ("vectorize", "guvectorize", "stencil")


class Late(BaseException):
    pass


@contextlib.contextmanager
def limit(seconds):
    def late(*_):
        raise Late()
    signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def same(a, b):
    if type(a) is not type(b):
        return False
    if isinstance(a, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    return a == b or a != a


def printable(value):
    if isinstance(value, tuple):
        return all(map(printable, value))
    if isinstance(value, list):
        return bool(value) and all(map(printable, value))
    return value is None or isinstance(value, (bool, int, float, complex, np.generic, np.ndarray))


def signature(arguments):
    return tuple((a.dtype, a.ndim) if isinstance(a, np.ndarray) else type(a) for a in arguments)


def attempt(function, arguments, seconds):
    """(result, arguments afterwards) or None."""
    after = copy.deepcopy(arguments)
    try:
        with limit(seconds):
            return function(*after), after
    except (Exception, Late):
        return None


def find(kernel_name, qualified, text, path):
    """[(arguments, result)] that work, of different types where possible; the ones that show something come first."""
    scope = {"__name__": "kernel"}
    exec(compile(text, str(path), "exec"), scope)
    function = scope[kernel_name]
    functions = {n.name: n for n in ast.parse(text).body if isinstance(n, ast.FunctionDef)}
    given = table.INPUTS.get(qualified)
    lists = given() if given else inputs.guesses(functions[kernel_name], functions, ATTEMPTS)
    telling, dull = [], []
    seconds = 20 if hasattr(function, "ufunc") or not hasattr(function, "__code__") else 0.3
    stop = time.monotonic() + SEARCH_SECONDS
    for count, arguments in enumerate(lists):
        if not given and (len(telling) >= CASES or time.monotonic() > stop):
            break
        if not given and any(signature(arguments) == signature(a) for a, _ in telling[: CASES - 2]) and len(telling) < CASES:
            continue
        with np.errstate(divide="raise" if count < 600 and not given else "ignore", invalid="raise" if count < 600 and not given else "ignore", all=None), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            first = attempt(function, arguments, seconds)
            second = first and attempt(function, arguments, seconds)
        if not first or not second or not printable(first[0]) or not same(first[0], second[0]) or not all(map(same, first[1], second[1])):
            continue
        changed = not all(map(same, arguments, first[1]))
        (telling if changed or first[0] is not None else dull).append((arguments, first[0]))
    return telling or dull[:1] or only_raises(functions[kernel_name])


class Raised:
    """Stands for the result of a function that raises."""

    def __init__(self, kind):
        self.kind = kind


def only_raises(node):
    """A case for a function that does nothing but raise."""
    body = [s for s in node.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(body) == 1 and isinstance(body[0], ast.Raise) and isinstance(body[0].exc, ast.Call) and isinstance(body[0].exc.func, ast.Name):
        return [([1] * len(node.args.args), Raised(body[0].exc.func.id))]
    return []


def literal(value):
    if isinstance(value, np.generic):
        return f"np.{type(value).__name__}({value.item()!r})"
    if callable(value):
        return value.__name__
    if isinstance(value, tuple):
        return "(" + "".join(literal(v) + ", " for v in value) + ")"
    return repr(value)


def script(text, name, arguments, result, folder):
    """The kernel, its arguments from files, one call, its results printed or saved in `out`."""
    lines = [text, "", "", "import numpy as np", ""]
    lines += [inspect.getsource(a) for a in arguments if callable(a)]
    for i, a in enumerate(arguments):
        if isinstance(a, np.ndarray):
            np.save(folder / f"a{i}.npy", a)
            lines.append(f'a{i} = np.load("a{i}.npy")')
        else:
            lines.append(f"a{i} = {literal(a)}")
    lines.append(f"r = {name}({', '.join(f'a{i}' for i in range(len(arguments)))})")

    def show(expression, value, label):
        if isinstance(value, (tuple, list)):
            for i, v in enumerate(value):
                lines.append(f"{label}_{i} = {expression}[{i}]")
                show(f"{label}_{i}", v, f"{label}_{i}")
        elif isinstance(value, np.ndarray):
            lines.append(f'np.save("out/{label}.npy", {expression})')
        elif isinstance(value, np.float32):  # a script gets a Python float from kjit and from Numba
            lines.append(f'print("{label}_single", float({expression}))')
        else:
            lines.append(f'print("{label}", {expression})')
    if not isinstance(result, Raised):
        show("r", result, "r")
    for i, a in enumerate(arguments):
        if isinstance(a, np.ndarray):
            lines.append(f'np.save("out/a{i}.npy", a{i})')
    return "\n".join(lines) + "\n"


def within_first(kernel, found):
    """The cases within the language where there are some, else all of them with what makes them fall outside."""
    if isinstance(found[0][1], Raised):
        return found, []
    each = []
    for case in found:
        with np.errstate(all="ignore"), warnings.catch_warnings(), limit(20):
            warnings.simplefilter("ignore")
            each.append((case, language.reasons_outside(kernel.text, kernel.name, [copy.deepcopy(case[0])])))
    within = [case for case, reasons in each if not reasons]
    return (within, []) if within else (found, sorted(set().union(*[r for _, r in each])))


def prepare(kernel, folder):
    """Writes folder/caseN with script, inputs and CPython's output; returns {cases, outside}."""
    numba.config.DISABLE_JIT = int(kernel.kind not in OTHER_KINDS)
    found = find(kernel.name, kernel.qualified, kernel.text, pathlib.Path(folder) / "kernel.py")
    outside = [kernel.kind] if kernel.kind in OTHER_KINDS else []
    if found and not outside:
        found, outside = within_first(kernel, found)
    for n, (arguments, result) in enumerate(found):
        case = pathlib.Path(folder) / f"case{n}"
        (case / "out").mkdir(parents=True)
        (case / "script.py").write_text(script(kernel.text, kernel.name, arguments, result, case))
        out, before = io.StringIO(), os.getcwd()
        os.chdir(case)
        raised = contextlib.suppress(Exception) if isinstance(result, Raised) else contextlib.nullcontext()
        with contextlib.redirect_stdout(out), np.errstate(all="ignore"), warnings.catch_warnings(), raised:
            warnings.simplefilter("ignore")
            exec(compile((case / "script.py").read_text(), str(case / "script.py"), "exec"), {"__name__": "__main__"})
        os.chdir(before)
        (case / "out").rename(case / "cpython")
        (case / "cpython" / "printed").write_text(out.getvalue())
        if isinstance(result, Raised):
            (case / "raises").write_text(result.kind)
    return {"cases": len(found), "outside": outside}
