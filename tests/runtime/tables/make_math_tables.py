"""Writes math_tables.inc: values of NumPy's complex functions, of Python's and NumPy's round, of sinc and logaddexp."""
import os

import numpy as np

from cpp_text import HEAD, real

INF, NAN = float("inf"), float("nan")
UNARY = {"sqrt": "sqrt", "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan",
         "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
         "exp": "exp", "exp2": "exp2", "expm1": "expm1", "log": "log", "log2": "log2", "log10": "log10", "log1p": "log1p",
         "sinc": "sinc"}
POINTS = [(0.0, 0.0), (-0.0, -0.0), (1.0, 2.0), (-1.5, 0.25), (-2.0, 0.0), (-2.0, -0.0), (2.0, 0.0), (3.0, -0.0), (1e-9, 1e-9),
          (0.0, 1.0), (INF, 1.0), (-INF, NAN), (NAN, 0.0), (1.0, INF), (30.0, 40.0)]
POWERS = [((2.0, 1.0), (2.0, 0.0)), ((2.0, 1.0), (3.0, 0.0)), ((2.0, 1.0), (-1.0, 0.0)), ((2.0, 1.0), (17.0, 0.0)),
          ((2.0, 1.0), (-5.0, 0.0)), ((2.0, 1.0), (0.0, 0.0)), ((0.0, 0.0), (0.0, 0.0)), ((0.0, 0.0), (2.5, 0.0)),
          ((0.0, 0.0), (-1.0, 0.0)), ((0.0, 0.0), (0.0, 1.0)), ((2.0, 1.0), (0.5, 0.0)), ((-1.0, 0.0), (0.5, 0.0)),
          ((1.5, -2.0), (0.25, 3.0)), ((0.0, 1.0), (99.0, 0.0)), ((0.5, 0.5), (101.0, 0.0)), ((3.0, 4.0), (1.0, 0.0))]
ROUNDS = [(2.675, 2), (0.5, 0), (1.5, 0), (2.5, 0), (-2.5, 0), (0.15, 1), (0.25, 1), (0.35, 1), (1234.5678, -2), (1250.0, -2), (1350.0, -2),
          (1250.0000000000002, -2), (5.0, -1), (15.0, -1), (4.999, -1), (9.5, -1), (99.9, -3), (500.0, -3), (501.0, -3), (1e22, -5), (1e23, -22),
          (123456789012345680.0, -3), (1e-5, 4), (5e-324, 323), (5e-324, 400), (1.7e308, -307), (1.0, -400),
          (-0.4, 0), (-4.0, -1), (INF, 2), (-INF, -2), (NAN, 3), (3.141592653589793, 10), (0.1 + 0.2, 16), (1.005, 2), (10.235, 2)]
NP_ROUNDS = ROUNDS + [(0.2059126686462102, 23), (1e-10, 25), (5.015, 2), (1.1e300, 10)]
LOGADD = [(0.0, 0.0), (1000.0, 1000.5), (-1000.0, 3.0), (INF, INF), (-INF, -INF), (-INF, 2.0), (INF, -INF), (NAN, 1.0), (1.5, -2.25)]
SINC = [0.0, -0.0, 0.5, 1.0, -2.5, 1e-9, INF, NAN, 123.456]


def numbers(*values, suffix=""):
    return "{" + ", ".join(real(v, suffix) for v in values) + "}"


def complex_array(points, dtype):
    a = np.empty(len(points), dtype)
    a.real = [p[0] for p in points]
    a.imag = [p[1] for p in points]
    return a


def unary_rows(dtype, prefix, suffix):
    z = complex_array(POINTS, dtype)
    yield "inline const UnaryCase<%s> kUnary%s[] = {\n" % (("double", "C128") if prefix == "c128" else ("float", "C64"))
    for name, ours in UNARY.items():
        rows = zip(z, getattr(np, name)(z))
        text = ",\n      ".join(numbers(a.real, a.imag, r.real, r.imag, suffix=suffix) for a, r in rows)
        yield '    {"%s", kjit_%s_%s, {\n      %s}},\n' % (ours, prefix, ours, text)
    yield "};\n\n"


def power_rows(dtype, name, ctype, suffix):
    a, b = complex_array([p[0] for p in POWERS], dtype), complex_array([p[1] for p in POWERS], dtype)
    yield "// base, exponent, result\ninline const std::array<%s, 6> %s[] = {\n" % (ctype, name)
    for x, y, r in zip(a, b, np.power(a, b)):
        yield "    {%s},\n" % numbers(x.real, x.imag, y.real, y.imag, r.real, r.imag, suffix=suffix)
    yield "};\n\n"


def table(name, rows):
    return "inline const std::array<double, %d> %s[] = {\n%s};\n\n" % (
        len(rows[0]), name, "".join("    {%s},\n" % numbers(*row) for row in rows))


def main():
    out = [HEAD.format("make_math_tables.py")]
    out += unary_rows("c16", "c128", "")
    out += unary_rows("c8", "c64", "f")
    out += power_rows("c16", "kPowersC128", "double", "")
    out += power_rows("c8", "kPowersC64", "float", "f")
    out.append("// number, digits, result\n" + table("kRounds", [(x, n, round(x, n)) for x, n in ROUNDS]))
    out.append(table("kNumPyRounds", [(x, n, np.round(np.float64(x), n)) for x, n in NP_ROUNDS]))
    out.append(table("kNumPyRounds32", [(np.float32(x), n, np.round(np.float32(x), n)) for x, n in NP_ROUNDS if abs(x) < 1e30 or x != x]))
    out.append(table("kLogaddexp", [(x, y, np.logaddexp(x, y), np.logaddexp2(x, y)) for x, y in LOGADD]))
    out.append(table("kSinc", [(x, np.sinc(x)) for x in SINC]).rstrip() + "\n")
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "math_tables.inc"), "w") as f:
        f.write("".join(out))


main()
