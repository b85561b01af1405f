"""The functions of the differential test: expression, kinds of argument, tolerance.

Kinds of dtype: b bool, i signed, u unsigned, f float, c complex. A row gives the kinds that are tried; combinations that
NumPy refuses are left out by themselves.
"""

EXACT = 0
ULPS = 4  # of the result's precision; of a complex result relative to its magnitude

# Functions of one number x: name -> (kinds, tolerance)
NUMPY_1 = {}
for name in ("arccos arccosh arcsin arcsinh arctan arctanh cos cosh exp exp2 expm1 log log10 log1p log2 sin sinh tan tanh "
             "acos acosh asin asinh atan atanh").split():
    NUMPY_1[name] = ("biufc", ULPS)
NUMPY_1["sqrt"] = ("biufc", 1)
NUMPY_1["sinc"] = ("iuf", ULPS)
for name in "cbrt deg2rad radians rad2deg degrees".split():
    NUMPY_1[name] = ("biuf", ULPS)
for name in "fabs spacing floor ceil trunc fix signbit".split():
    NUMPY_1[name] = ("biuf", EXACT)
for name in "absolute abs square negative positive conj conjugate sign rint real imag nan_to_num".split():
    NUMPY_1[name] = ("biufc", EXACT)
NUMPY_1["square"] = NUMPY_1["absolute"] = NUMPY_1["abs"] = NUMPY_1["sign"] = ("biufc", 1)
NUMPY_1["reciprocal"] = ("iufc", 1)
NUMPY_1["angle"] = ("iufc", ULPS)
for name in "isfinite isinf isnan isreal iscomplex logical_not".split():
    NUMPY_1[name] = ("biufc", EXACT)
for name in "isposinf isneginf".split():
    NUMPY_1[name] = ("f", EXACT)
for name in "invert bitwise_not bitwise_invert bitwise_count".split():
    NUMPY_1[name] = ("biu", EXACT)
NUMPY_1["round"] = NUMPY_1["around"] = ("iufc", EXACT)

# Functions of two numbers: name -> (kinds, tolerance)
NUMPY_2 = {}
for name in "add subtract multiply divide true_divide".split():
    NUMPY_2[name] = ("biufc", 1)
for name in "floor_divide remainder mod fmod".split():
    NUMPY_2[name] = ("biuf", EXACT)
for name in "maximum minimum fmax fmin".split():
    NUMPY_2[name] = ("biufc", EXACT)
for name in "copysign heaviside nextafter".split():
    NUMPY_2[name] = ("biuf", EXACT)
for name in "arctan2 atan2 hypot logaddexp logaddexp2".split():
    NUMPY_2[name] = ("biuf", ULPS)
for name in "power pow float_power".split():
    NUMPY_2[name] = ("biuf", ULPS)
for name in "bitwise_and bitwise_or bitwise_xor left_shift right_shift bitwise_left_shift bitwise_right_shift gcd lcm".split():
    NUMPY_2[name] = ("biu", EXACT)
for name in "equal not_equal logical_and logical_or logical_xor".split():
    NUMPY_2[name] = ("biufc", EXACT)
for name in "less less_equal greater greater_equal".split():
    NUMPY_2[name] = ("biufc", EXACT)
NUMPY_2["isclose"] = ("iuf", EXACT)

# Expressions of one number; of float64, float32 and int64 arguments unless kinds say otherwise.
EXPRESSIONS_1 = [
    ("np.modf(x)[0]", "iuf", EXACT), ("np.modf(x)[1]", "iuf", EXACT),
    ("np.frexp(x)[0]", "iuf", EXACT), ("np.frexp(x)[1]", "iuf", EXACT),
    ("np.round(x, 2)", "iufc", EXACT), ("np.round(x, -1)", "iuf", EXACT),
    ("np.clip(x, 1, 5)", "f", EXACT), ("np.clip(x, None, 2.5)", "f", EXACT), ("np.clip(x, -1.5, None)", "f", EXACT),
    ("np.nan_to_num(x, nan=7.0, posinf=8.0, neginf=-8.0)", "f", EXACT),
    ("np.where(x > 1, x, 2.5)", "f", EXACT), ("np.maximum(x, 1.5)", "f", EXACT), ("np.add(x, 2)", "fc", EXACT),
    ("np.angle(x, True)", "fc", ULPS), ("np.arctan2(x, 1.0)", "f", ULPS), ("np.power(x, 2.0)", "f", ULPS),
    ("np.ldexp(x, 3)", "f", EXACT), ("np.ldexp(x, -1080)", "f", EXACT), ("np.heaviside(x, 0.5)", "f", EXACT),
    ("abs(x)", "iufc", 1), ("round(x)", "f", EXACT), ("round(x, 1)", "f", EXACT),
    ("max(x, x)", "biuf", EXACT), ("min(x, x)", "biuf", EXACT),
    ("x.conjugate()", "iufc", EXACT), ("x.item()", "biufc", EXACT),
]
for name in ("acos acosh asin asinh atan atanh cos cosh exp exp2 expm1 fabs gamma lgamma log log10 log1p log2 sin sinh "
             "sqrt tan tanh cbrt erf erfc degrees radians ulp").split():
    EXPRESSIONS_1.append((f"math.{name}(x)", "biuf", 64 if name in ("gamma", "lgamma") else ULPS))
for name in "floor ceil trunc isfinite isinf isnan".split():
    EXPRESSIONS_1.append((f"math.{name}(x)", "biuf", EXACT))
EXPRESSIONS_1 += [
    ("math.frexp(x)[0]", "f", EXACT), ("math.frexp(x)[1]", "f", EXACT), ("math.modf(x)[0]", "f", EXACT),
    ("math.modf(x)[1]", "f", EXACT), ("math.log(x, 10.0)", "f", ULPS), ("math.ldexp(x, 4)", "f", EXACT),
    ("math.isqrt(abs(x))", "i", EXACT), ("math.pow(x, 0.5)", "f", ULPS), ("math.hypot(x, 2.0, 3.0)", "f", ULPS),
]
for name in "acos acosh asin asinh atan atanh cos cosh exp log log10 sin sinh sqrt tan tanh".split():
    EXPRESSIONS_1.append((f"cmath.{name}(x)", "fc", 8))
for name in "isfinite isinf isnan".split():
    EXPRESSIONS_1.append((f"cmath.{name}(x)", "fc", EXACT))
EXPRESSIONS_1 += [("cmath.phase(x)", "fc", ULPS), ("cmath.polar(x)[0]", "fc", ULPS), ("cmath.polar(x)[1]", "fc", ULPS),
                  ("cmath.rect(x, 0.5)", "f", ULPS)]

EXPRESSIONS_2 = [
    ("np.divmod(x, y)[0]", "iuf", EXACT), ("np.divmod(x, y)[1]", "iuf", EXACT),
    ("divmod(x, y)[0]", "if", EXACT), ("divmod(x, y)[1]", "if", EXACT),
    ("max(x, y)", "iuf", EXACT), ("min(x, y)", "iuf", EXACT), ("min(x, y, 3)", "f", EXACT),
    ("math.atan2(x, y)", "f", ULPS), ("math.copysign(x, y)", "f", EXACT), ("math.fmod(x, y)", "f", EXACT),
    ("math.hypot(x, y)", "f", ULPS), ("math.pow(x, y)", "f", ULPS), ("math.nextafter(x, y)", "f", EXACT),
    ("math.gcd(x, y)", "i", EXACT), ("math.lcm(x, y)", "i", EXACT), ("math.isclose(x, y)", "f", EXACT),
    ("math.isclose(x, y, rel_tol=0.5, abs_tol=1.0)", "f", EXACT), ("np.isclose(x, y, equal_nan=True)", "f", EXACT),
    ("complex(x, y)", "f", EXACT),
]
