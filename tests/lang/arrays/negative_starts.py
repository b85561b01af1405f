# Loops whose start may be negative: indices wrap until they are not negative any more.
import numpy as np
from numba import njit


@njit
def total(a, start, stop):
    s = 0.0
    for k in range(start, stop):
        if a[k] > 100.0:
            continue
        s = 10.0 * s + a[k]
    else:
        s += 0.5
    return s


@njit
def rows(m, starts, out):
    for i in range(starts.size - 1):
        for k in range(starts[i], starts[i + 1], 2):
            out[k + 1] += m[k, i]
            if m[k, i] < 0.0:
                break
    return out


@njit
def doubling(a):
    half = 1
    s = 0.0
    while half < a.size:
        for i in range(0, a.size - half, 2 * half):
            s += a[i] * a[i + half]
        half *= 2
    return s


@njit
def stepped(a, step):
    s = 0.0
    for i in range(0, a.size, step):
        for k in range(i, min(i + step, a.size)):
            s = 2.0 * s + a[k]
    return s


@njit
def backwards(a, n, step):
    s = 0.0
    for i in range(0, -n, step):
        s = 10.0 * s + a[i]
    return s


a = np.array([1.0, 2.0, 3.0, 4.0])
print(total(a, -3, 2), total(a, 0, 4), total(a, 1, 1), total(a, -2, -4), total(a, -4, 4))  # -> 23412.5 1234.5 0.5 0.5 12341234.5
m = np.arange(12.0).reshape(4, 3)
print([float(v) for v in rows(m, np.array([-3, 2, -4, 1]), np.zeros(5))])  # -> [9.0, 2.0, 5.0, 3.0, 8.0]
print(doubling(np.arange(10.0)), doubling(np.zeros(0)))  # -> 164.0 0.0
print(stepped(a, 3), stepped(a, -1), stepped(a, 1))  # -> 26.0 0.0 26.0
print(backwards(a, 4, -1), backwards(a, 4, 1), backwards(a, -4, 2))  # -> 1432.0 0.0 13.0
