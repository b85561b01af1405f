# Products large enough for BLAS: layouts, strides, element types, shapes, against sums written out.
import numpy as np
from numba import njit


@njit
def close(x, y):
    worst = 0.0
    for i in range(x.shape[0]):
        for j in range(x.shape[1]):
            worst = max(worst, abs(x[i, j] - y[i, j]))
    return worst


@njit
def reference(a, b):
    c = np.zeros((a.shape[0], b.shape[1]), a.dtype)
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            for k in range(a.shape[1]):
                c[i, j] += a[i, k] * b[k, j]
    return c


@njit
def product(a, b):
    return a @ b


@njit
def by_dot(a, b):
    return np.dot(a, b)


def numbers(m, n, dtype, first):
    x = ((np.arange(m * n) * 7 + first) % 23 - 11).reshape(m, n)
    if dtype == np.complex64 or dtype == np.complex128:
        return (x + 1j * ((x * 5) % 7)).astype(dtype)
    return x.astype(dtype)


def layouts(a):
    wide = np.zeros((2 * a.shape[0], 3 * a.shape[1]), a.dtype)
    wide[::2, ::3] = a
    part = np.zeros((a.shape[0] + 5, a.shape[1] + 9), a.dtype)
    part[2:-3, 4:-5] = a
    turned = np.zeros((a.shape[1], a.shape[0]), a.dtype)
    turned[:, :] = a.T
    back = a[::-1, ::-1].copy()
    tall = part.T.copy()
    return [a, turned.T, part[2:-3, 4:-5], tall.T[2:-3, 4:-5], wide[::2, ::3], back[::-1, ::-1]]


def check(dtype):
    ok = True
    for m, k, n in [(13, 17, 11), (1, 300, 1), (40, 1, 30), (1, 20, 30), (30, 20, 1), (64, 64, 64)]:
        a = numbers(m, k, dtype, 3)
        b = numbers(k, n, dtype, 8)
        want = reference(a, b)
        for x in layouts(a):
            for y in layouts(b):
                ok = ok and close(product(x, y), want) == 0 and close(by_dot(x, y), want) == 0
    return ok


print(check(np.float64))  # -> True
print(check(np.float32))  # -> True
print(check(np.complex64))  # -> True
print(check(np.complex128))  # -> True
print(check(np.int64))  # -> True


def check_lines(dtype):
    ok = True
    for m, n in [(300, 5000), (5000, 300), (1200, 1000)]:
        a = numbers(m, n, dtype, 3)
        x = numbers(1, 3 * n, dtype, 1)[0]
        y = numbers(1, m, dtype, 1)[0]
        for v in [x[:n].copy(), x[::3], x[:n][::-1]]:
            want = product(a, v.copy().reshape(n, 1))
            for b in [a, a.T.copy().T, a[::-1][::-1]]:
                ok = ok and close(product(b, v).reshape(m, 1), want) == 0
        want = product(y.reshape(1, m), a)
        ok = ok and close(product(y, a).reshape(1, n), want) == 0
        ok = ok and close(product(y[::-1].copy()[::-1], a.T.copy().T).reshape(1, n), want) == 0
    return ok


print(check_lines(np.float64))  # -> True
print(check_lines(np.complex64))  # -> True


@njit
def special(n):
    a = np.zeros((n, n))
    b = np.ones((n, n))
    b[0, 0] = np.nan
    b[1, 1] = np.inf
    c = a @ b
    return np.isnan(c[3, 0]), np.isnan(c[3, 1]), c[3, 2]


print(special(4))  # -> (True, True, 0.0)
print(special(40))  # -> (True, True, 0.0)


@njit
def empty(m, k, n):
    c = np.zeros((m, k)) @ np.ones((k, n))
    return c.shape, c.sum()


print(empty(0, 30, 30))  # -> ((0, 30), 0.0)
print(empty(30, 0, 30))  # -> ((30, 30), 0.0)
print(empty(30, 30, 0))  # -> ((30, 0), 0.0)


@njit
def chain(a, n):
    b = a
    for _ in range(n):
        b = a @ b
    return b


@njit
def updated(a, b):
    a += a @ b
    a[:, 1:] = (a @ b)[:, :-1]
    return a


m = numbers(20, 20, np.float64, 3) % 2
print(chain(m, 3).sum() == (m @ m @ m @ m).sum())  # -> True
u = updated(m.copy(), m)
w = m + m @ m
w[:, 1:] = (w @ m)[:, :-1].copy()
print(close(u, w))  # -> 0.0
