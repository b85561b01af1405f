# The option locals=: variables of a type that the decorator gives.
import numpy as np
import numba as nb
from numba import njit, jit, types, float32, float64, int64


@njit(locals={"total": float32, "whole": "int64", "absent": nb.uint8})
def add(values):
    total = 0
    for v in values:
        total += v
    whole = total
    return total, whole


@jit(nopython=True, locals=dict(n=types.int8, x=float64))
def wrap(x):
    n = 300
    if n == 300:
        return x, -1
    return x, n


@njit(locals={"i": float64})
def targets(n):
    s = 0
    for i in range(n):
        s += i / 2
    i, j = 7, 2
    return s, i / j, i


@njit(locals={"k": int64})
def rounds(x):
    k = x * 1.5
    k += 0.75
    return k


@njit
def apart(x):
    total = x * 0.5
    return total


@njit(locals={"total": int64})
def calls(x):
    total = apart(x)

    def inner(y):
        total = y * 0.5
        return total

    return total, inner(x)


@njit(locals={})
def plain(x):
    return x


# CPython converts nothing. Numba gives the same as kjit, but for the 300 that it takes for a constant in wrap().
print(add(np.array([0.1, 0.25, 1.5])))  # kjit -> (1.850000023841858, 1)
# cpython -> (1.85, 1.85)
print(wrap(2))  # kjit -> (2.0, 44)
# cpython -> (2, -1)
print(targets(4))  # kjit -> (3.0, 3.5, 7.0)
# cpython -> (3.0, 3.5, 7)
print(rounds(3))  # kjit -> 4
# cpython -> 5.25
print(calls(3), plain(1))  # kjit -> (1, 1.5) 1
# cpython -> (1.5, 1.5) 1
