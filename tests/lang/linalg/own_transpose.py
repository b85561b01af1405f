# Products of a matrix with its own transpose, and whole arrays written from expressions of themselves.
import numpy as np
from numba import njit


@njit
def squares(a):
    return a @ a.T, a.T @ a


@njit
def by_copies(a):
    b = a.copy()
    return a @ b.T, b.T @ a


def numbers(m, n, dtype):
    x = ((np.arange(m * n) * 7 + 3) % 23 - 11).reshape(m, n)
    if dtype == np.complex64 or dtype == np.complex128:
        return (x + 1j * ((x * 5) % 7)).astype(dtype)
    return x.astype(dtype)


def check(dtype):
    ok = True
    for m, n in [(3, 5), (40, 33), (33, 70), (50, 1)]:
        part = np.zeros((m + 3, n + 5), dtype)
        part[2:-1, 1:-4] = numbers(m, n, dtype)
        wide = np.zeros((2 * m, 3 * n), dtype)
        wide[::2, ::3] = numbers(m, n, dtype)
        for a in [numbers(m, n, dtype), part[2:-1, 1:-4], wide[::2, ::3], numbers(m, n, dtype)[::-1]]:
            p, q = squares(a)
            r, s = by_copies(a)
            ok = ok and np.all(p == r) and np.all(q == s) and np.all(p == p.T) and np.all(q == q.T)
            p, q = squares(a.T)
            ok = ok and np.all(p == s) and np.all(q == r)
    return ok


print(check(np.float64))  # -> True
print(check(np.float32))  # -> True
print(check(np.complex64))  # -> True
print(check(np.complex128))  # -> True
print(check(np.int64))  # -> True


@njit
def whole(a, b):
    a[:, :] = a.T + b
    b[:] = b @ a + b
    a[:] = b[::-1] - a
    a[:, :] += b.T


x = numbers(5, 5, np.float64)
y = numbers(5, 5, np.float64) % 4
whole(x, y)
print(x.sum(), y.sum(), x[1, 3], x[4, 0])  # -> 538.0 284.0 99.0 10.0
z = numbers(5, 5, np.float64)
whole(z, z)
print(z.sum(), z[1, 3], z[4, 0])  # -> 0.0 1424.0 245.0
