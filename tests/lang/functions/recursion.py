# Recursion with results of every form: those that fit a register, and those that do not.
import numpy as np
from numba import njit


@njit
def is_even(n):
    return True if n == 0 else is_odd(n - 1)


@njit
def is_odd(n):
    return False if n == 0 else is_even(n - 1)


@njit
def power(x, n):
    if n == 0:
        return x / x
    half = power(x, n // 2)
    return half * half * x if n % 2 else half * half


@njit
def small(n):
    if n == 0:
        return np.int8(100)
    return np.int8(small(n - 1) + np.int8(50))


@njit
def unsigned(n):
    if n == 0:
        return np.uint8(250)
    return np.uint8(unsigned(n - 1) + np.uint8(3))


@njit
def turned(z, n):
    return z if n == 0 else turned(z * 1j, n - 1)


@njit
def divided(a, b):
    if a < b:
        return 0, a
    q, r = divided(a - b, b)
    return q + 1, r


@njit
def found(v, i):
    if i == v.size:
        return None
    if v[i] > 2:
        return i
    return found(v, i + 1)


@njit
def sorted_parts(v):
    if v.size <= 1:
        return v.copy()
    half = v.size // 2
    a = sorted_parts(v[:half])
    b = sorted_parts(v[half:])
    out = np.empty_like(v)
    i = j = 0
    for k in range(v.size):
        if j == b.size or (i < a.size and a[i] <= b[j]):
            out[k] = a[i]
            i += 1
        else:
            out[k] = b[j]
            j += 1
    return out


@njit
def counted(v, depth):
    v[0] += 1
    if depth > 0:
        counted(v, depth - 1)
        counted(v, depth - 1)


print(is_even(10), is_even(7), is_odd(7))  # -> True False True
print(power(2.0, 10), power(np.float32(3.0), 3))  # -> 1024.0 27.0
print(small(3), unsigned(3))  # -> -6 3
print(turned(1 + 2j, 3), divided(17, 5))  # -> (2-1j) (3, 2)
print(found(np.array([1, 2, 3]), 0), found(np.array([1, 2]), 0))  # -> 2 None
print(sorted_parts(np.array([3, 1, 2, 5, 4])))  # -> [1 2 3 4 5]
v = np.zeros(1, np.int64)
counted(v, 4)
print(v[0])  # -> 31
