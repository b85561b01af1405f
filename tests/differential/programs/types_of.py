"""Types of generated expressions, and which operands give which type: asked of NumPy itself on arrays of ones.

A scalar has a kind: the Python numbers "bool" "int" "float" "complex" (weak in promotion), or a dtype's code "i1" ... "c16" (strong).
"""
import itertools
import warnings

import numpy as np

ARRAYS = ["f8", "f4", "i8", "i4", "c16", "i1", "u1", "i2", "u2", "u4", "u8", "c8", "?"]
FLOATS, COMPLEX = ["f8", "f4"], ["c16", "c8"]
INTS = ["i8", "i4", "i1", "u1", "i2", "u2", "u4", "u8"]
NARROW = ["i1", "i2", "i4", "u1", "u2", "u4"]
WEAK = {"int": 1, "float": 1.0, "complex": 1j}
NAMES = {"?": "bool_", "i1": "int8", "i2": "int16", "i4": "int32", "i8": "int64", "u1": "uint8", "u2": "uint16", "u4": "uint32",
         "u8": "uint64", "f4": "float32", "f8": "float64", "c8": "complex64", "c16": "complex128"}


def code(dtype):
    dtype = np.dtype(dtype)
    return "?" if dtype.kind == "b" else f"{dtype.kind}{dtype.itemsize}"


def sample(operand):
    """A value of an operand: "f8[]" an array of that dtype, else a scalar of that kind."""
    if operand.endswith("[]"):
        return np.ones(1, operand[:-2])
    return WEAK[operand] if operand in WEAK else np.dtype(operand).type(1)


def results(template, operand_lists):
    """{code of the result: [operands, ...]} of a template such as "{} + {}", where at least one operand is an array."""
    table = {}
    function = eval("lambda a, b=None, c=None: " + template.format("a", "b", "c"), {"np": np})
    for operands in itertools.product(*operand_lists):
        if not any(o.endswith("[]") for o in operands):
            continue
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                value = function(*[sample(o) for o in operands])
        except TypeError:
            continue
        if code(value.dtype) in ARRAYS:  # float16 is not
            table.setdefault(code(value.dtype), []).append(operands)
    return table


ANY_ARRAY = [f"{c}[]" for c in ARRAYS]
ANY = ANY_ARRAY + list(WEAK) + [c for c in ARRAYS if c != "?"]


def of(template, *kinds):
    """The table of a template whose operands have these kinds of dtype ("iuf": integers and floats)."""
    def fits(operand, wanted):
        if operand in WEAK:
            return {"int": "i", "float": "f", "complex": "c"}[operand] in wanted
        return np.dtype(operand.removesuffix("[]")).kind in wanted
    return results(template, [[o for o in ANY if fits(o, wanted)] for wanted in kinds])


def only_arrays(template, kinds):
    return results(template, [[o for o in ANY_ARRAY if np.dtype(o[:-2]).kind in kinds]])


# (template, table, operands that have to be exact, result exact): a result is exact where kjit has to give NumPy's bits.
ELEMENTWISE = []


def add(template, *kinds, needs=False, exact=True):
    table = only_arrays(template, kinds[0]) if len(kinds) == 1 else of(template, *kinds)
    ELEMENTWISE.append((template, table, needs, exact))


for op in "+ -".split():
    add(f"({{}} {op} {{}})", "biufc", "biufc")
add("({} * {})", "biuf", "biuf")
add("({} * {})", "c", "biufc", exact=False)  # NumPy's vector code fuses products and sums
add("({} * {})", "biufc", "c", exact=False)
add("({} / {})", "iuf", "iuf")
add("({} / {})", "fc", "c", exact=False)
for op in ("//", "%"):
    add(f"({{}} {op} {{}})", "iuf", "iuf", needs=True)
for op in "& | ^".split():
    add(f"({{}} {op} {{}})", "biu", "biu")
for op in "< <= > >=".split():
    add(f"({{}} {op} {{}})", "biuf", "biuf", needs=True)
for op in "== !=".split():
    add(f"({{}} {op} {{}})", "biufc", "biufc", needs=True)
for name in "minimum maximum".split():
    add(f"np.{name}({{}}, {{}})", "biuf", "biuf")
add("np.logical_and({}, {})", "biuf", "biuf", needs=True)
add("np.copysign({}, {})", "f", "f", needs=True)
for name in "arctan2 hypot".split():
    add(f"np.{name}({{}}, {{}})", "f", "f", exact=False)
add("({} ** 2)", "iuf")
add("({} ** 2)", "c", exact=False)
add("({} ** 3)", "iuf", exact=False)
add("({} << 2)", "iu")
add("({} >> 1)", "iu")
add("(-{})", "iufc")
add("(~{})", "biu")
add("abs({})", "iuf")
add("np.abs({})", "c", exact=False)
for name in "negative conj".split():
    add(f"np.{name}({{}})", "iufc")
add("np.square({})", "iuf")
for name in "real imag".split():
    add(f"{{}}.{name}", "c")
for name in "sqrt".split():
    add(f"np.{name}({{}})", "iuf")
for name in "sin cos tanh arctan exp expm1".split():
    add(f"np.{name}({{}})", "f", exact=False)
add("np.exp({})", "c", exact=False)
for name in "floor ceil trunc rint sign".split():
    add(f"np.{name}({{}})", "f", needs=True)
for name in "isnan isfinite signbit".split():
    add(f"np.{name}({{}})", "f", needs=True)
add("np.clip({}, 1, 5)", "iuf")
add("np.clip({}, -1.5, 2.5)", "f")
add("np.nan_to_num({})", "f", needs=True)

# (template of a reduction over an axis, table, operand exact, result exact of integers, of floats)
REDUCTIONS = []
for name, kinds, needs, exact in [("sum", "biufc", False, False), ("prod", "iuf", False, False), ("min", "biuf", False, True), ("max", "iuf", False, True),
                                  ("mean", "iufc", False, False), ("any", "biufc", True, True), ("all", "biuf", True, True),
                                  ("std", "iuf", False, False), ("var", "f", False, False)]:
    REDUCTIONS.append((name, only_arrays(f"np.{name}({{}}, axis=0, keepdims=True)", kinds), needs, exact))
REDUCTIONS.append(("count_nonzero", {"i8": [(c,) for c in ANY_ARRAY]}, True, True))
ARG_REDUCTIONS = [("argmin", {"i8": [(c,) for c in ANY_ARRAY if c not in ("c8[]", "c16[]")]}, True, True),
                  ("argmax", {"i8": [(c,) for c in ANY_ARRAY if c not in ("c8[]", "c16[]")]}, True, True)]
