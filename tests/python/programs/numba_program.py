"""A program for Numba as people write them; the test runs it with Numba and with kjit in its place, and compares what is printed."""
import math
from math import sin as sine

import numba as nb
import numpy as np
from numba import float64, int64, njit, prange, types

G = 6.5
WEIGHTS = np.array([1.0, 4.0, 1.0])


@nb.jit(nopython=True, parallel=True, fastmath=False, cache=False)
def energy(x, y):
    e = 0.0
    for i in prange(x.size):
        e += x[i] * np.exp(-y[i])
    return e


@njit(float64(float64[:], int64))
def moment(a, k):
    s = 0.0
    for v in a:
        s += v**k
    return s


@njit("f8[:](f8[:], f8)", error_model="numpy", boundscheck=False, inline="never", nogil=True)
def scaled(a, k):
    return a * k / G


@nb.njit((types.float64[:, ::1],))
def trace(m):
    t = 0.0
    for i in range(m.shape[0]):
        t += m[i, i]
    return t


@nb.njit
def simpson(f, a, b, n):
    h = (b - a) / n
    s = 0.0
    for i in range(n):
        x = a + i * h
        s += (WEIGHTS[0] * f(x) + WEIGHTS[1] * f(x + h / 2) + WEIGHTS[2] * f(x + h)) * h / 6
    return s


@nb.njit
def wave(x):
    return sine(x) * math.cos(x) + np.sqrt(x)


@nb.njit
def is_even(n):
    if n == 0:
        return True
    return is_odd(n - 1)


@nb.njit
def is_odd(n):
    if n == 0:
        return False
    return is_even(n - 1)


@nb.njit(locals={"s": nb.float32})
def narrow(n):
    s = 0
    for i in range(n):
        s += 0.1
    return s


def make_polynomial(a, b):
    @nb.njit
    def polynomial(x):
        return a * x * x + b

    return polynomial


@nb.njit
def split(a, at=3):
    return a[:at], (a[at:].sum(), len(a))


def main():
    x = np.linspace(0, 1, 11)
    print(round(energy(x, x * 2), 12), round(moment(x, 3), 12), moment(x, k=0))
    print(scaled(x, 2.0).round(12), trace(np.eye(3)))
    print(round(simpson(wave, 0.0, 2.0, 50), 12))
    print(is_odd(7), is_even(7), round(narrow(10), 5))
    p, q = make_polynomial(2, 1), make_polynomial(1, -1.5)
    print(p(3), q(3), p(2.0))
    left, (rest, n) = split(x)
    print(left, round(rest, 12), n, split(x, at=1)[0])
    print(energy.py_func(x, x * 2) - energy(x, x * 2) < 1e-12, energy.__name__, energy.__doc__)
    try:
        p("text")
    except Exception as error:
        print("error", isinstance(error, Exception))


main()
