"""Writes format_tables.inc: texts of scalars and arrays as CPython and NumPy write them."""
import os

import numpy as np

from cpp_text import HEAD, real, string

INF, NAN = float("inf"), float("nan")
F64 = [0.0, -0.0, 1.0, -1.5, 0.1, 1 / 3, 2 / 3, 100.0, 123456789.125, 1e15, 9999999999999998.0, 1e16, 1.5e16, 1e22, 1e23,
       1e-4, 9.999e-5, 1.5e-7, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 2.0**-44, INF, -INF, NAN]
F32 = [0.0, -0.0, 0.1, 1 / 3, 16777216.0, 999999.94, 1e6, 123456.78, 1e-4, 0.00012, 3.4028235e38, 1e-45, -2.5, INF, NAN]
C128 = [(0.0, 1.0), (1.0, 2.0), (-0.0, 1.0), (0.0, -0.0), (1.5, -0.0), (1e16, 1e-5), (1e15, 0.25), (NAN, INF), (0.0, -INF),
        (0.0, NAN), (3.0, NAN)]
C64 = [(0.1, 0.0), (1e6, -1e6), (0.0, 0.1), (1 / 3, -2 / 3)]

A = np.array
ARRAYS = [
    A([1.0, 2.0, 3.0]), A([0.1, 0.25, 100.0]), A([1.0, 1e-3, 0.5]), A([1.0, 1001.0]), A([1.0, 1e-5]), A([1e8, 1.0]),
    A([1e100, 1e5]), A([1 / 3, 2 / 3, 1e-8]), A([1 / 3, 2 / 3]), A([-1.5, 2.0]), A([INF, 1.0]), A([-INF, 1.0, NAN]),
    A([INF, -INF, NAN]), A([NAN, 12345.678]), A([0.0, -0.0]), A([0.999999999, 0.5]), A([5e-324, 1.7976931348623157e308]),
    A(1.5), A(1e10), A(1 / 3), A([]), np.zeros((0, 3)), np.zeros((2, 0)),
    A([0.1, 1 / 3], np.float32), A([1e6, 1.0], np.float32), A([1e-4, 0.05], np.float32), A([0.1, 1.2345678e-5], np.float32),
    A([], np.float32), A(0.1, np.float32),
    A([1, -22, 333]), A([1, 2], np.int8), A([0, 255], np.uint8), A([2**63, 0], np.uint64), A([-2**62, 5]), A([], np.int64),
    A([True, False]), A([[True], [False]]), A(True), A([], bool), A(7), A(7, np.uint16),
    A([1 + 2j, -1.5j]), A([1e-9 + 1j, 1e9 - 1j]), A([complex(NAN, INF), complex(-INF, -0.0)]), A([0.1 + 1j / 3], np.complex64),
    A(1j), A([[1.0, 2.5], [-3.0, 400.0]]), np.arange(24).reshape(2, 3, 4), np.arange(16).reshape(2, 2, 2, 2) / 4,
    (np.arange(12) * 1e5).reshape(3, 4),
]
# dtype, shape, first, step: element i in C order is first + step * i, computed in float64.
RAMPS = [("int64", (40,), 0, 1), ("float64", (60,), 0, 0.375), ("int64", (1001,), 0, 1), ("int64", (30, 40), 0, 1),
         ("float64", (11, 10, 10), 1, 0), ("float64", (2, 1000), 0, 1), ("float32", (1003,), -1, 0.001953125),
         ("int16", (3, 7, 50), 0, 0), ("bool", (1100,), 1, 0), ("complex128", (1001,), 0, 1), ("float64", (1000,), 0, 1)]


def flat(array):
    if array.dtype.kind == "c":
        parts = [p for z in array.ravel() for p in (z.real, z.imag)]
    else:
        parts = array.ravel().tolist()
    return [real(x) if array.dtype.kind in "fc" or abs(x) >= 2**53 else str(int(x)) for x in parts]


def main():
    out = [HEAD.format("make_format_tables.py")]
    out.append("inline const FloatRow<double> kFloat64[] = {\n")
    out += ["    {%s, %s},\n" % (real(v), string(repr(v))) for v in F64]
    out.append("};\n\ninline const FloatRow<float> kFloat32[] = {\n")
    out += ["    {%s, %s},\n" % (real(v, "f"), string(str(np.float32(v)))) for v in F32]
    out.append("};\n\ninline const ComplexRow<double> kComplex128[] = {\n")
    out += ["    {%s, %s, %s},\n" % (real(r), real(i), string(str(complex(r, i)))) for r, i in C128]
    out.append("};\n\ninline const ComplexRow<float> kComplex64[] = {\n")
    out += ["    {%s, %s, %s},\n" % (real(r, "f"), real(i, "f"), string(str(np.array([r, i], np.float32).view(np.complex64)[0])))
            for r, i in C64]
    out.append("};\n\n// dtype, shape, elements in C order, str, repr.\n")
    out.append("inline const ArrayRow kArrays[] = {\n")
    for a in ARRAYS:
        shape = "{" + ", ".join(map(str, a.shape)) + "}"
        dtype = "KJIT_" + a.dtype.name.upper()
        values = "{" + ", ".join(flat(a)) + "}"
        out.append("    {%s, %s, %s,\n        %s,\n        %s},\n" % (dtype, shape, values, string(str(a)), string(repr(a))))
    out.append("};\n\n// dtype, shape, first element, step, str, repr.\ninline const RampRow kRamps[] = {\n")
    for dtype, shape, first, step in RAMPS:
        a = (first + step * np.arange(np.prod(shape), dtype=float)).astype(dtype).reshape(shape)
        out.append("    {KJIT_%s, {%s}, %s, %s,\n        %s,\n        %s},\n" % (
            dtype.upper(), ", ".join(map(str, shape)), first, step, string(str(a)), string(repr(a))))
    out.append("};\n")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "format_tables.inc"), "w") as f:
        f.write("".join(out))


main()
