# What the programs beside this file call.
import math

import numpy as np
from numba import njit, prange, vectorize


@njit("f8(f8[:,::1], i8)", boundscheck=True)
def row_sum(a, row):
    s = 0.0
    for j in range(a.shape[1]):
        s += a[row, j]
    return s


@njit(["f8[:](f8[:], f8)", "f4[:](f4[:], f4)"])
def scaled(x, by):
    return x * by


@njit("void(f8[::1], f8[::1])")
def blend(a, b):
    for i in range(1, a.size):
        b[i] = a[i - 1] + b[i]


@njit("i8(i8, i8)")
def divide(a, b):
    return a // b


@njit("void(f8)")
def refuse(x):
    if x < 0:
        raise ValueError("below zero")


@njit("Tuple((f8, f8[:]))(f8[:])")
def centred(x):
    mean = x.mean()
    return mean, x - mean


@njit("f8(f8[::1])", parallel=True)
def sum_of_exp(x):
    s = 0.0
    for i in prange(x.size):
        s += np.exp(x[i])
    return s


@vectorize(["f8(f8, f8)"])
def hypotenuse(a, b):
    return math.sqrt(a * a + b * b)


@njit("c16(c16, b1)")
def turned(z, conjugate):
    return z.conjugate() if conjugate else z * 1j


@njit("f8(f8[::1])", fastmath=True)
def sum_of_sines(x):
    s = 0.0
    for i in range(x.size):
        s += math.sin(x[i])
    return s


@njit("f8[:](f8[:])")
def tail(x):
    return x[1:]


@njit("f8[:, :](f8[::1, :], f8[:, ::1])")
def product(a, b):
    return a @ b


@njit("i4(i1, u2, f4, b1)")
def small(a, b, c, d):
    return a + b + int(c) + d


@njit("f8(UniTuple(f8, 2), i8)")
def pick(pair, which):
    return pair[0] if which == 0 else pair[1]


@njit("i8(i8)")
def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


@njit("i8(i8)")
def endless(n):
    return endless(n + 1) + 1


@njit("void(i8)")
def say(n):
    print("n is", n)


@njit("f8()")
def draw():
    np.random.seed(7)
    return np.random.random()


@njit
def half(x, by=2.0):
    if x is None:
        return -1.0
    return x / by


@njit
def without_signature(x):
    return x
