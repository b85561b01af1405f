# math and NumPy functions of scalars.
import math
import numpy as np
from numba import njit


@njit
def trig(x):
    return math.sin(x) == np.sin(x), round(math.cos(x), 12), round(math.atan2(x, 2.0), 12), round(math.hypot(3.0, x), 12), math.degrees(math.pi)


@njit
def rounding(x):
    return math.floor(x), math.ceil(x), math.trunc(x), np.floor(x), np.ceil(x), np.rint(x), np.sign(x)


@njit
def tests(x):
    return math.isnan(x), math.isinf(x), np.isfinite(x), np.signbit(x)


@njit
def integers(a, b):
    return math.gcd(a, b), np.gcd(a, b), np.lcm(a, b), abs(-a), np.maximum(a, b), np.minimum(a, b)


@njit
def misc(x):
    return round(math.exp(x), 10), round(math.log(x), 10), round(math.log2(x), 10), math.sqrt(x), math.copysign(2.0, -x), math.fmod(-7.5, x), round(math.gamma(x + 1), 10), round(math.erf(x), 12)


print(trig(1.0))  # -> (True, 0.540302305868, 0.463647609001, 3.162277660168, 180.0)
print(rounding(-2.5))  # -> (-3, -2, -2, -3.0, -2.0, -2.0, -1.0)
print(tests(float("nan")))  # -> (True, False, False, False)
print(integers(12, 18))  # -> (6, 6, 36, 12, 18, 12)
print(misc(4.0))  # -> (54.5981500331, 1.3862943611, 2.0, 2.0, -2.0, -3.5, 24.0, 0.999999984583)
