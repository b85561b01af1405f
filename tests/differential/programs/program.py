"""Whole programs: a kernel, its helpers, its arguments, and how exactly its results are compared."""
import dataclasses

import numpy as np
from hypothesis import strategies as st

from scope import Var
from statements import Statements
from types_of import ARRAYS, NAMES

TOLERANCE = 1e-5  # of inexact results; float32 takes part in some
HEADER = "import math\nimport numpy as np\nfrom numba import njit\n\n"


@dataclasses.dataclass
class Helper:
    name: str
    parameters: list
    results: list
    lines: list
    loops: bool  # it has some


@dataclasses.dataclass
class Program:
    text: str
    args: list
    making: list  # text that makes each argument
    exact: list  # of each leaf of the result
    memory: list  # (dtype, exact) of each buffer behind the arguments
    boundscheck: bool

    def tolerances(self):
        return [None if e else TOLERANCE for e in self.exact], [(d, None if e else TOLERANCE) for d, e in self.memory]

    def script(self):
        """The program as a file of its own."""
        lines = [f"a{k} = {m}" for k, m in enumerate(self.making)]
        return self.text + "\n" + "\n".join(lines) + f"\nprint(kernel({', '.join(f'a{k}' for k in range(len(self.making)))}))\n"


def data(kind, shape, seed, wild):
    """Text that makes an array; floats are multiples of 1/4, so that many sums are exact."""
    size = int(np.prod(shape, dtype=int))
    rng = np.random.RandomState(seed)
    dtype = f"np.{NAMES[kind]}"
    if size > 40:
        return f"((np.arange({size}) * {2 * seed + 3} % 23 - {0 if kind[0] == 'u' else 11}) / {4 if kind[0] in 'fc' else 1}).astype({dtype}).reshape({shape})"
    if kind == "?":
        items = [str(bool(v)) for v in rng.randint(0, 2, size)]
    elif kind[0] in "iu":
        info = np.iinfo(kind)
        items = [str(v) for v in rng.randint(0 if kind[0] == "u" else -5, 10, size)]
        if wild:
            items = [str([info.max, info.min, info.max - 1][rng.randint(3)]) if rng.rand() < 0.2 else v for v in items]
    else:
        items = [str(v / 4) for v in rng.randint(-16, 17, size)]
        if wild:
            items = [rng.choice(["np.nan", "np.inf", "-np.inf", "-0.0", "1e30", "1e-30"]) if rng.rand() < 0.15 else v for v in items]
        if kind[0] == "c":
            items = [f"complex({v}, {w})" for v, w in zip(items, reversed(items))]
    return f"np.array([{', '.join(items)}], dtype={dtype}).reshape({shape})"


def array_argument(s, wild):
    """Text of an array, its dtype's code, shape."""
    kind = s.pick(["f8", "f8", "f8", "i8", "f4", "i4"] + ARRAYS)
    shape = s.shape_of_rank(s.pick([1, 2, 1, 2, 3, 0]))
    layout = s.pick(["C", "C", "F", "reversed", "strided"]) if shape else "C"
    made = {"C": shape, "F": shape[::-1], "reversed": shape, "strided": shape[:-1] + (2 * shape[-1],) if shape else shape}[layout]
    text = data(kind, made, s.number(0, 9), wild)
    text += {"C": "", "F": ".T", "reversed": "[::-1]", "strided": "[..., ::2]"}[layout]
    return text, kind, shape


def scalar_argument(s, kind):
    if kind == "bool":
        return s.pick(["True", "False"])
    if kind == "int":
        return s.pick(["1", "3", "0", "-2", "100", "1000003"])
    if kind == "float":
        return s.pick(["1.0", "0.5", "-2.25", "0.0", "3.75"])
    if kind == "complex":
        return s.pick(["1j", "(1.5-0.5j)"])
    if kind[0] == "c":
        return f"np.{NAMES[kind]}(0.5-2j)"
    if kind[0] == "f":
        return f"np.{NAMES[kind]}({s.pick(['1.5', '0.25', '-3.0'])})"
    return f"np.{NAMES[kind]}({s.pick(['3', '0', '7'] if kind[0] == 'u' else ['3', '-2', '7'])})"


SCALAR_KINDS = ["int", "float", "bool", "i8", "f8", "f4", "i4", "u1", "complex", "c16", "u8", "i1", "c8"]


def helper(draw, dims, boundscheck, number):
    s = Statements(draw, dims, boundscheck)
    name = f"helper{number}"
    for _ in range(s.number(1, 3)):
        if s.chance(40):
            s.declare(Var(s.name("p"), s.pick(["f8", "i8", "f4"]), s.shape()[:2], s.exactness()))
        else:
            s.declare(Var(s.name("p"), s.pick(SCALAR_KINDS[:6]), None, True))
    parameters = list(s.variables)
    s.returned = []  # one way out
    for _ in range(s.number(0, 3)):
        s.statement(1)
    results = []
    for _ in range(s.pick([1, 1, 2])):
        if s.chance(35):
            kind, shape, exact = s.pick(["f8", "i8"]), s.shape()[:2], s.exactness()
            results.append((f"({s.array(kind, shape, 2, exact)}).copy()", Var("", kind, shape, exact)))
        else:
            kind, exact = s.pick(["float", "int", "f8", "i8", "bool"]), s.exactness()
            results.append((s.scalar(kind, 2, exact), Var("", kind, None, exact)))
    s.emit(f"return {', '.join(text for text, _ in results)}")
    lines = ["@njit", f"def {name}({', '.join(p.name for p in parameters)}):"] + s.lines
    return Helper(name, parameters, [v for _, v in results], lines, any(" for " in line or " while " in line for line in lines))


@st.composite
def programs(draw):
    s = Statements(draw, [3], False)
    s.dims = [s.pick([3, 4, 5, 2, 7, 6, 1, 8, 5, 4, 0, 16, 33, 130]), s.pick([4, 3, 2, 5, 6, 4, 3, 5, 1, 2, 0])]
    boundscheck = s.chance(40)
    wild = s.chance(25)
    helpers = [helper(draw, s.dims, boundscheck, k) for k in range(s.pick([0, 0, 1, 2]))]
    s.helpers = helpers
    making, roots, scope = [], [], {"np": np}
    for k in range(s.number(1, 4)):
        if k and roots and s.chance(20):  # a second name of one buffer
            of = s.pick([r for r in roots])
            exact, (name, kind, shape) = of
            view = s.view(Var(name, kind, shape, exact), shape[:1] if s.chance(50) else shape) if 0 not in shape else None
            text = view or f"{name}.T"
            value = eval(text, scope)
            shape = value.shape
        else:
            text, kind, shape = array_argument(s, wild)
            exact = s.exactness(kind)
            value = eval(text, scope)
        scope[f"a{k}"] = value
        making.append(text)
        s.declare(Var(f"a{k}", kind, shape, exact))
        roots.append((exact, (f"a{k}", kind, shape)))
    for k in range(len(making), len(making) + s.number(0, 3)):
        kind = s.pick(SCALAR_KINDS)
        text = scalar_argument(s, kind)
        scope[f"a{k}"] = eval(text, scope)
        making.append(text)
        s.declare(Var(f"a{k}", kind, None, True))
    s.boundscheck = boundscheck
    for _ in range(s.number(1, 8)):
        s.statement()
    result = s.returned or [v for v in s.variables if not v.fixed]
    s.emit(f"return {s.tuple_of(result)}")
    lines = [line for h in helpers for line in h.lines + ["", ""]]
    lines += ["@njit", f"def kernel({', '.join(f'a{k}' for k in range(len(making)))}):"] + s.lines
    args = [scope[f"a{k}"] for k in range(len(making))]
    return Program(HEADER + "\n".join(lines) + "\n", args, making, [v.exact for v in result], memory(args, s.variables), s.boundscheck)


def memory(args, variables):
    found = []
    for value, var in zip(args, variables):
        if isinstance(value, np.ndarray):
            base = value
            while isinstance(base.base, np.ndarray):
                base = base.base
            if not any(base is b for b, _, _ in found):
                found.append((base, base.dtype, var.exact))
    return [(dtype, exact) for _, dtype, exact in found]
