"""Helpers of the table makers: Python values as C++ literals."""
import math


def string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def real(x, suffix=""):
    x = float(x)
    if math.isnan(x):
        return "kNan"
    if math.isinf(x):
        return "kInf" if x > 0 else "-kInf"
    return repr(x) + suffix


HEAD = "// Made by {}; values from CPython and NumPy. Included inside the namespace of the test that owns the row types.\n\n"
