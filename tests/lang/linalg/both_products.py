# A matrix times a vector and a vector times the same matrix: in one pass where that gives what one after the other gives.
import numpy as np
from numba import njit


@njit
def chained(a, x):
    return (a @ x) @ a


@njit
def chained_back(a, x):
    return a @ (x @ a)


@njit
def both(a, p, r):
    return r @ a, a @ p


@njit
def added(x1, x2, y1, y2, a):
    x1 += a @ y1
    x2 += y2 @ a


@njit
def repeated(a, x, u, n):
    for _ in range(n):
        y = a @ x
        x = (u @ a) % 5
        u = y % 3
    return x, u


@njit
def plain_line(a, x):
    y = np.zeros(a.shape[0], a.dtype)
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            y[i] += a[i, k] * x[k]
    return y


def numbers(m, n, dtype):
    x = ((np.arange(m * n) * 7 + 3) % 23 - 11).reshape(m, n)
    if dtype == np.complex64 or dtype == np.complex128:
        return (x + 1j * ((x * 5) % 7)).astype(dtype)
    return x.astype(dtype)


def layouts(a):
    wide = np.zeros((2 * a.shape[0], 3 * a.shape[1]), a.dtype)
    wide[::2, ::3] = a
    part = np.zeros((a.shape[0] + 5, a.shape[1] + 9), a.dtype)
    part[2:-3, 4:-5] = a
    return [a, a.T.copy().T, part[2:-3, 4:-5], wide[::2, ::3], a[::-1].copy()[::-1], a[:, ::-1].copy()[:, ::-1]]


def check(dtype):
    ok = True
    for m, n in [(2, 3), (9, 7), (30, 1), (1, 80), (5, 3000), (300, 200)]:
        first = numbers(m, n, dtype)
        for a in layouts(first):
            for step in [1, 2, -1]:
                x = numbers(1, 2 * n, dtype)[0][::step][:n]
                u = numbers(1, 2 * m, dtype)[0][::step][:m]
                y = plain_line(first, x)
                v = plain_line(first.T, u)
                p, q = both(a, x, u)
                ok = ok and np.all(p == v) and np.all(q == y)
                ok = ok and np.all(chained(a, x) == plain_line(first.T, y)) and np.all(chained_back(a, u) == plain_line(first, v))
                r, s = y * 0 + 2, v * 0 + 1
                added(r, s, x, u, a)
                ok = ok and np.all(r == y + 2) and np.all(s == v + 1)
    return ok


print(check(np.float64))  # -> True
print(check(np.float32))  # -> True
print(check(np.complex64))  # -> True
print(check(np.complex128))  # -> True
print(check(np.int64))  # -> True

# What is written overlaps what the second product reads.
a = numbers(20, 20, np.float64) % 5
x = numbers(1, 20, np.float64)[0] % 4
added(x, x, x, x, a)
print(x.sum(), x[3], x[19])  # -> 52739.0 2610.0 2433.0
added(a[2], a[3], a[4], a[5], a)
print(a.sum(), a[2, 3], a[3, 4])  # -> 7959.0 57.0 419.0
added(a[:, 2], a[7], a[4], a[:, 2], a)
print(a.sum(), a[2, 2], a[7, 4])  # -> 177720545.0 2606.0 4668782.0
x, u = repeated(numbers(20, 20, np.float64) % 3, np.arange(20.0), np.ones(20), 4)
print(x.sum(), u.sum())  # -> 52.0 18.0
