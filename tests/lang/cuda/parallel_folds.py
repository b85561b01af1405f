# only: device
# Parallel loops on a device: updates of arrays in any order, values after the loop, rows of two axes.
import numpy as np
from numba import njit, prange


@njit(parallel=True, target='cuda')
def histogram(k, n):
    h = np.zeros(n, np.int64)
    for i in prange(k.size):
        h[k[i]] += 1
    return h


k = np.arange(5000) % 7
print(histogram(k, 8), np.bincount(k, minlength=8))  # -> [715 715 714 714 714 714 714   0] [715 715 714 714 714 714 714   0]


@njit(parallel=True, target='cuda')
def several(k, x, bits, weighted):
    for i in prange(k.size):
        bits[k[i]] |= x[i]
        weighted[k[i], 1] -= x[i]


x = np.arange(5000) * 3 % 1000 * 16
bits, weighted = np.zeros(7, np.int64), np.zeros((7, 2), np.int64)
several(k, x, bits, weighted)
print(bits[0], weighted[3], -x[k == 3].sum())  # -> 16368 [       0 -5708592] -5708592


@njit(parallel=True, target='cuda', fastmath=True)
def sums(k, x, n):
    s = np.zeros(n)
    for i in prange(k.size):
        s[k[i]] += x[i]
    return s


print(sums(k, x.astype(np.float64), 7)[:2], np.bincount(k, x)[:2])  # -> [5717680. 5720000.] [5717680. 5720000.]


@njit(parallel=True, target='cuda')
def last_values(x, n):
    found, place = -1.0, -1
    for i in prange(2, n, 3):
        y = x[i] * 2
        found = y
        place = i
        x[i] = y + 1
    return found, place


print(last_values(np.arange(100.0), 90), last_values(np.arange(100.0), 2))  # -> (178.0, 89) (-1.0, -1)


@njit(parallel=True, target='cuda')
def stencil(a, b):
    for i in prange(1, a.shape[0] - 1):
        for j in range(1, a.shape[1] - 1):
            b[i, j] = a[i, j] + a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1]


@njit(parallel=True, target='cuda')
def triangle(a):
    for i in prange(a.shape[0]):
        for j in range(i, a.shape[1]):
            a[i, j] += i


right = 0
for rows, columns in ((3, 3), (34, 40), (37, 300), (70, 5)):
    a = np.arange(rows * columns).reshape(rows, columns) % 11 * 1.0
    b = np.zeros((rows, columns))
    stencil(a, b)
    c = a[1:-1, 1:-1] + a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:]
    b[1:-1, 1:-1] -= c
    right += np.all(b == 0)
    d = a.copy()
    triangle(d)
    for i in range(rows):
        right += np.all(d[i, :i] == a[i, :i]) and np.all(d[i, i:] == a[i, i:] + i)
print(right)  # -> 148


@njit(parallel=True, target='cuda')
def transposed(m, out):
    out[:, :] = m.T


@njit(parallel=True, target='cuda')
def turned(m, a, b, out):
    for i in prange(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = m[j, i] * 2 + a[i, j] - b[j, i]


right = 0
for rows, columns in ((41, 50), (33, 64), (5, 300), (300, 5), (64, 64), (100, 31)):
    m = np.arange(rows * columns, dtype=np.float32).reshape(columns, rows)
    out = np.zeros((rows, columns), np.float32)
    transposed(m, out)
    right += int(np.all(out == m.T))
    b = np.arange(rows * columns) % 13 * 1.0
    sums_of = np.zeros((rows, columns))
    turned(m, out + 1, b.reshape(columns, rows), sums_of)
    right += int(np.all(sums_of == m.T * 3 + 1 - b.reshape(columns, rows).T))
print(right)  # -> 12


@njit(parallel=True, target='cuda')
def down(m):
    return m.sum(axis=0), m.max(axis=0), (m * m).mean(axis=0)


right = 0
for rows, columns in ((40, 33), (1000, 5), (33, 64), (257, 100), (3, 40)):
    m = np.arange(rows * columns).reshape(rows, columns) % 17 * 0.5
    s, largest, mean = down(m)
    right += int(np.all(s == m.sum(0))) + int(np.all(largest == m.max(0))) + int(np.allclose(mean, (m * m).mean(0)))
print(right)  # -> 15
