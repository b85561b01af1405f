# Real and imaginary parts and conjugates of real numbers and arrays; floats from constant text.
import numpy as np
from numba import njit


@njit
def parts(x):
    return x.real, x.imag, x.conjugate()


@njit
def array_parts(a):
    zeros = a.imag
    return a.real[1], zeros.shape, zeros[0] + zeros[-1], a.conjugate()[1], a.conj()[1]


@njit
def changed(z):
    w = z.conj()
    w[0] = 7
    return z[0], w[0], w[1]


@njit
def same(a):
    a.conj()[0] = 5
    return a[0]


@njit
def special():
    return float("nan"), float("inf"), float("-inf"), float(" 1_0.5e1 "), np.float32("Infinity")


print(parts(2.5), parts(3), parts(1 + 2j))  # -> (2.5, 0.0, 2.5) (3, 0, 3) (1.0, 2.0, (1-2j))
print(array_parts(np.array([1.0, 2.0])) == (2.0, (2,), 0.0, 2.0, 2.0))  # -> True
print(array_parts(np.array([1, 2])) == (2, (2,), 0, 2, 2))  # -> True
print(array_parts(np.array([1, 2 + 1j])) == (2.0, (2,), 1.0, 2 - 1j, 2 - 1j))  # -> True
print(changed(np.array([1j, 2j])) == (1j, 7, -2j), same(np.array([1.0])))  # -> True 5.0
nan, inf, low, number, single = special()
print(nan != nan, inf, low, number, single)  # -> True inf -inf 105.0 inf
