# Functions whose exact results are numbers give just these.
import math
import numpy as np
from numba import njit


@njit
def roots(n):
    wrong = 0
    for i in range(-n, n):
        x = float(i)
        if np.sqrt(x * x) != abs(x) or np.hypot(3 * x, 4 * x) != abs(5 * x):
            wrong += 1
    return wrong


@njit
def powers(n):
    wrong = 0
    for i in range(-n, n):
        x = 2.0**i
        if np.exp2(float(i)) != x or np.log2(x) != i or math.log2(x) != i or np.power(2.0, i) != x or math.pow(2.0, i) != x:
            wrong += 1
    return wrong


@njit
def tens():
    return math.log10(1000.0), np.log10(1e15), np.power(10.0, 3), np.hypot(3.0, 4.0), math.hypot(5.0, 12.0)


@njit
def zeros(x):
    return np.log1p(x), np.expm1(x), np.sinh(x), np.cosh(x), np.tanh(x), math.sinh(x), np.cbrt(x)


print(roots(2000))  # -> 0
print(powers(1000))  # -> 0
print(tens())  # -> (3.0, 15.0, 1000.0, 5.0, 13.0)
print(zeros(-0.0))  # -> (-0.0, -0.0, -0.0, 1.0, -0.0, -0.0, -0.0)


@njit
def smallest(x):
    return np.tan(x), np.log1p(x), np.arcsinh(x), np.sin(x), np.expm1(x), np.sinh(x)


tiny = smallest(np.array([5e-324, -5e-324, 1e-310, 0.0, -0.0]))
print([list(r) == [5e-324, -5e-324, 1e-310, 0.0, -0.0] for r in tiny])  # -> [True, True, True, True, True, True]
narrow = smallest(np.array([1e-45, -1e-45], np.float32))
print([bool(r[0] == np.float32(1e-45) and r[1] == np.float32(-1e-45)) for r in narrow])  # -> [True, True, True, True, True, True]
