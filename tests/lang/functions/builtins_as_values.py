# Built-in functions as values: by name, as attributes, chosen before inference.
import math
import numpy as np
from math import sqrt
from numba import njit


@njit
def apply(f, x):
    return f(x)


@njit
def use(x):
    return apply(math.sqrt, x), apply(np.sin, x), apply(sqrt, x), apply(abs, -x), apply(float, 1), apply(np.float32, 2)


@njit
def two(f, g, x):
    h = f if x is None else g
    return h(x)


@njit
def named(x):
    f = math.floor
    m = np.cos
    return f(x), m(0.0), two(math.exp, math.sqrt, x)

print(use(4.0) == (2.0, math.sin(4.0), 2.0, 4.0, 1.0, 2.0))  # -> True
print(named(4.0))  # -> (4, 1.0, 2.0)
print(apply(math.sqrt, 9.0), apply(np.cos, 0.0))  # -> 3.0 1.0
