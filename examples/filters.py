"""Functions as arguments, closures and optional values: one kernel, several behaviours."""
import math

import numpy as np
from numba import njit


@njit
def integrate(f, a, b, n):
    h = (b - a) / n
    s = 0.5 * (f(a) + f(b))
    for i in range(1, n):
        s += f(a + i * h)
    return s * h


@njit
def bell(x):
    return math.exp(-x * x)


@njit
def wave(x):
    return math.sin(x) ** 2


def power(p):
    @njit
    def f(x):
        return x**p

    return f


@njit
def smooth(values, weight=0.5, start=None):
    """Exponential smoothing; begins with `start`, or with the first value when there is none."""
    out = np.empty(values.size)
    level = values[0] if start is None else start
    for i, v in enumerate(values):
        level = weight * v + (1 - weight) * level
        out[i] = level
    return out


print(f"bell   {integrate(bell, -4.0, 4.0, 2000):.8f}  (sqrt(pi) = {math.sqrt(math.pi):.8f})")
print(f"wave   {integrate(wave, 0.0, math.pi, 2000):.8f}  (pi / 2 = {math.pi / 2:.8f})")
for p in (1, 2, 3):
    print(f"x ** {p} {integrate(power(p), 0.0, 1.0, 2000):.8f}")
print(smooth(np.array([1.0, 2.0, 4.0, 8.0])))
print(smooth(np.array([1.0, 2.0, 4.0, 8.0]), weight=0.25, start=0.0))
