"""Arguments that share memory give what Python gives: stores are seen by loads that come later."""
import numpy as np
from numba import njit


@njit
def shift(a, b):
    for i in range(a.size):
        b[i] = a[i] + 1.0


@njit
def prefix(a, b, scale):
    for i in range(b.shape[0]):
        b[i] = 0.0
        for j in range(i + 1):
            b[i] += scale * a[j]


@njit
def through_view(a, b):
    rows = b[1:]
    rows[:] = 0.0
    for i in range(rows.size):
        for k in range(3):
            rows[i] += a[i]


@njit
def swapped(a, b, steps):
    for _ in range(steps):
        for i in range(1, a.size - 1):
            b[i] = 0.5 * (a[i - 1] + a[i + 1])
        a, b = b, a
    return a[a.size // 2]


@njit
def helper(x, y):
    for i in range(x.size):
        y[i] = x[i] * 2.0


@njit
def by_call(a, b):
    helper(a, b)
    s = 0.0
    for i in range(a.size):
        s += a[i]
    return s


@njit
def columns(m, out):
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            out[i] += m[i, j]


# Twice each: apart, then overlapping, and the other way round.
x = np.arange(8.0)
y = np.zeros(7)
shift(x[:-1], y)
print([float(v) for v in y])  # -> [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
shift(x[:-1], x[1:])
print([float(v) for v in x])  # -> [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
shift(x[:-1], y)
print([float(v) for v in y])  # -> [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
shift(x[1:], x[:-1])
print([float(v) for v in x])  # -> [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 7.0]
shift(x, x)
print([float(v) for v in x])  # -> [3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 8.0]
z = np.arange(8.0)
shift(z[::2], z[1::2])
print([float(v) for v in z])  # -> [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
shift(z[::-1], z)
print([float(v) for v in z])  # -> [8.0, 7.0, 6.0, 5.0, 6.0, 7.0, 8.0, 9.0]

z = np.arange(6.0)
prefix(z, z, 1.0)
print([float(v) for v in z])  # -> [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
z = np.arange(6.0)
prefix(z[1:], z[:-1], 2.0)
print([float(v) for v in z])  # -> [2.0, 4.0, 30.0, 212.0, 1486.0, 5.0]
prefix(z[:0], z[:0], 2.0)
print([float(v) for v in z])  # -> [2.0, 4.0, 30.0, 212.0, 1486.0, 5.0]

z = np.arange(6.0)
through_view(z, z)
print([float(v) for v in z])  # -> [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]
z = np.arange(6.0)
through_view(z[:-1], z)
print([float(v) for v in z])  # -> [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]

z = np.arange(9.0)
print(swapped(z, z, 3))  # -> 4.0
print([float(v) for v in z])  # -> [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
z = np.arange(9.0)
print(swapped(z[:-2], z[2:], 3))  # -> 1.15625
print([float(v) for v in z])  # -> [0.0, 1.5, 1.25, 0.625, 1.0625, 1.15625, 0.890625, 0.9765625, 8.0]
z = np.arange(9.0)
w = np.zeros(9)
print(swapped(z, w, 3))  # -> 4.0
print([float(v) for v in z])  # -> [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 3.0, 8.0]
print([float(v) for v in w])  # -> [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 4.0, 7.0, 0.0]

z = np.arange(6.0)
print(by_call(z, z))  # -> 30.0
print([float(v) for v in z])  # -> [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
z = np.arange(6.0)
print(by_call(z[:-1], z[1:]))  # -> 0.0
print([float(v) for v in z])  # -> [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]

m = np.arange(9.0).reshape(3, 3)
columns(m, m[1])
print([[float(v) for v in row] for row in m])  # -> [[0.0, 1.0, 2.0], [6.0, 25.0, 26.0], [6.0, 7.0, 8.0]]
columns(m, m[:, 0])
print([[float(v) for v in row] for row in m])  # -> [[3.0, 1.0, 2.0], [63.0, 25.0, 26.0], [27.0, 7.0, 8.0]]
