#!/usr/bin/env python3
"""Ufuncs of one function under kjit's package and under Numba: values, dtypes, shapes and errors are the same.

    PYTHONPATH=build/release/python .cache/venv/bin/python tests/differential/ufuncs.py [--count N] [--seed N]

Operands are drawn: dtypes, shapes that broadcast or do not, layouts, numbers of Python's and NumPy's; calls with and without out=, and the
methods. (NumPy widens integers in reduce of ufuncs that are called "add" or "multiply", whatever they do: none is here.) where= is compared with NumPy's own ufuncs (Numba's ufuncs do not take it). Exit status 77: Numba is not installed here.
"""
import argparse
import sys

try:
    import numba
    import numpy as np

    import kjit
except ImportError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

DTYPES = [np.bool_, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64, np.complex64, np.complex128]


def plus(a, b):
    return a + b


def less(a, b):
    return a - b


def smaller(a, b):
    if a < b:
        return a
    return b


def steps(n):
    count = 0
    while n > 1 and count < 50:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count


def quotient(a, b):
    return a / b


def mix(a, b, c):
    total = a
    for _ in range(3):
        total = total * b + c
    return total


UFUNCS = [
    (plus, ["i4(i4, i4)", "i8(i8, i8)", "f4(f4, f4)", "f8(f8, f8)", "c16(c16, c16)"], {"identity": 0}),
    (less, ["i8(i8, i8)", "f8(f8, f8)"], {}),
    (smaller, ["f4(f4, f4)", "f8(f8, f8)"], {"identity": "reorderable"}),
    (steps, ["i8(i8)"], {}),
    (quotient, ["f8(i8, i8)", "f8(f8, f8)", "f4(f4, f4)"], {}),
    (mix, ["f8(f8, f8, f8)", "f4(f4, f4, f4)"], {}),
]


class Draw:
    def __init__(self, seed):
        self.random = np.random.default_rng(seed)

    def one_of(self, items):
        return items[self.random.integers(len(items))]

    def array(self, shape):
        dtype = np.dtype(self.one_of(DTYPES))
        steps = [int(self.one_of([1, 1, 1, 2])) for _ in shape]
        values = self.random.integers(-9 if dtype.kind in "ifc" else 0, 10, [n * s for n, s in zip(shape, steps)]).astype(dtype)
        if self.random.integers(3) == 0:
            values = np.array(values, order="F")
        array = values[tuple(slice(None, None, s) for s in steps)]
        return array[..., ::-1] if array.ndim and self.random.integers(5) == 0 else array

    def operand(self, shape):
        kind = self.random.integers(10)
        if kind == 0:
            return self.one_of([True, 2, -3, 1.5, 0.0, 2 + 1j])
        if kind == 1:
            return np.dtype(self.one_of(DTYPES)).type(self.one_of([0, 1, 3]))
        own = [n if self.random.integers(4) else 1 for n in shape]
        if self.random.integers(20) == 0 and own:
            own[0] += 1  # does not fit
        return self.array(tuple(own[int(self.random.integers(len(own) + 1)) if self.random.integers(4) == 0 else 0:]))

    def shape(self):
        return tuple(int(n) for n in self.random.integers(0, 5, self.random.integers(0, 4)))


def run(call):
    try:
        with np.errstate(all="ignore"):
            return call(), None
    except Exception as error:
        return None, error


def kind_of(error):
    """Errors are of one kind where both are of types, or of values."""
    return "type" if isinstance(error, TypeError) else "value" if isinstance(error, ValueError) else type(error).__name__


def difference(mine, want):
    (a, wrong), (b, error) = mine, want
    if (wrong is None) != (error is None) or wrong is not None and kind_of(wrong) != kind_of(error):
        return f"{wrong!r} where {error!r} is expected"
    if wrong is not None or a is None and b is None:
        return None
    if np.shape(a) != np.shape(b) or a.dtype != b.dtype or isinstance(a, np.ndarray) != isinstance(b, np.ndarray):
        return f"{type(a).__name__} {a.dtype} {np.shape(a)} where {type(b).__name__} {b.dtype} {np.shape(b)} is expected"
    if not np.allclose(a, b, rtol=1e-5 if a.dtype.char in "fF" else 1e-12, atol=0, equal_nan=True):
        return f"{a!r} where {b!r} is expected"
    return None


def one_call(draw, mine, peer):
    shape = draw.shape()
    inputs = [draw.operand(shape) for _ in range(mine.nin)]
    if draw.random.integers(3) or not all(isinstance(i, np.ndarray) for i in inputs):
        return f"{mine.__name__}{tuple(inputs)}", run(lambda: mine(*inputs)), run(lambda: peer(*inputs))
    dtype, out_shape = draw.one_of(DTYPES), draw.one_of([shape, shape, (2, *shape), tuple(max(n - 1, 1) for n in shape)])
    outs = np.zeros(out_shape, dtype), np.zeros(out_shape, dtype)
    got, want = run(lambda: mine(*inputs, out=outs[0])), run(lambda: peer(*inputs, out=outs[1]))
    if got[1] is None and want[1] is None:
        got, want = (outs[0], None), (outs[1], None)
    return f"{mine.__name__}{tuple(inputs)} out={dtype.__name__}{out_shape}", got, want


def one_method(draw, mine, peer):
    a = draw.array(draw.shape() or (3,))
    if a.dtype.kind == "c" or a.dtype == np.bool_:
        a = a.real.astype(np.float64)
    axis = int(draw.random.integers(-a.ndim, a.ndim + (draw.random.integers(8) == 0)))
    method = draw.one_of(["reduce", "accumulate", "reduceat", "outer", "axes"])
    text = f"{mine.__name__}.{method}({a!r}, axis={axis})"
    if method == "outer":
        b = draw.array((2,)).real
        return text, run(lambda: mine.outer(a, b)), run(lambda: peer.outer(a, b))
    if method == "reduceat":
        at = draw.random.integers(0, 3, 3)
        return f"{text} at {at}", run(lambda: mine.reduceat(a, at, axis)), run(lambda: peer.reduceat(a, at, axis))
    if method == "accumulate":
        return text, run(lambda: mine.accumulate(a, axis)), run(lambda: peer.accumulate(a, axis))
    if method == "axes":
        axis = draw.one_of([None, (), (0,), tuple(range(a.ndim))])
    settings = {"axis": axis, "keepdims": bool(draw.random.integers(2))}
    if draw.random.integers(3) == 0:
        settings["initial"] = 2
    return f"{mine.__name__}.reduce({a!r}, {settings})", run(lambda: mine.reduce(a, **settings)), run(lambda: peer.reduce(a, **settings))


def one_mask(draw, mine):
    """where=, beside NumPy's add of the same operands."""
    shape = draw.shape()
    a, b = (draw.array(shape).real.astype(np.float64) for _ in range(2))
    mask = draw.array(draw.one_of([shape, shape[1:], (1,) * len(shape)])).astype(bool)
    outs = np.full(shape, 5.0), np.full(shape, 5.0)
    got, want = run(lambda: mine(a, b, out=outs[0], where=mask)), run(lambda: np.add(a, b, out=outs[1], where=mask))
    return f"where={mask!r} of {a!r}, {b!r}", (outs[0], got[1]) if got[1] is None else got, (outs[1], want[1]) if want[1] is None else want


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = Draw(options.seed)
    ufuncs = [(kjit.vectorize(s, **o)(f), numba.vectorize(s, **o)(f)) for f, s, o in UFUNCS]
    binary = [u for u in ufuncs if u[0].nin == 2]
    different = raised = 0
    for n in range(options.count):
        which = draw.random.integers(10)
        text, got, want = (one_call(draw, *draw.one_of(ufuncs)) if which < 6 else one_method(draw, *draw.one_of(binary)) if which < 9
                           else one_mask(draw, ufuncs[0][0]))
        raised += want[1] is not None
        wrong = difference(got, want)
        if wrong:
            different += 1
            print(f"{n}: {text}: {wrong}")
    print(f"{options.count} calls, {raised} of them errors, {different} different")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
