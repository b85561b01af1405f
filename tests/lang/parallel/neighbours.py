# Loops over prange that follow one another: those that may share a region, and those that may not.
import numpy as np
from numba import njit, prange

N = 60000


@njit(parallel=True)
def move(x, v, f, dt):
    for i in prange(x.shape[0]):
        v[i] += f[i] * dt
    energy = 0.0
    for j in prange(x.shape[0]):
        x[j] += v[j] * dt
        energy += v[j] * v[j]
    return energy


x, v, f = np.zeros(N), np.ones(N), np.full(N, 2.0)
print(move(x, v, f, 0.5), move(x, v, f, 0.5), x[0], x[N - 1], v.sum())  # -> 240000.0 540000.0 2.5 2.5 180000.0

# Arrays that are one: what one loop stores the other reads elsewhere.
a = np.arange(float(N))


@njit(parallel=True)
def shifted(a, b, c):
    n = a.shape[0] - 1
    for i in prange(n):
        b[i] = np.sqrt(a[i])
    for i in prange(n):
        c[i] = b[i] + a[i + 1]


shifted(a, np.zeros(N), a)
print(a[0], a[1], a[N // 2], a[N - 2], a[N - 1])  # -> 1.0 3.0 30174.20508075689 60243.94489176139 59999.0
b = np.arange(float(N))
shifted(b, b[::-1], np.zeros(N))
print(b[0], b[1], b[N // 2], b[N - 2], b[N - 1])  # -> 0.0 1.0 173.20219398148512 1.0 0.0
c = np.arange(float(N))
shifted(c, c[1:], c[:-1])
print(c[0], c[1], c[N // 2], c[N - 2], c[N - 1])  # -> 0.0 0.0 0.0 0.0 0.0


# The second one reads what other iterations store.
@njit(parallel=True)
def stencil(a, b, steps):
    n = a.shape[0] - 1
    for t in range(steps):
        for i in prange(1, n):
            b[i] = 0.25 * a[i - 1] + 0.5 * a[i] + 0.25 * a[i + 1]
        for i in prange(1, n):
            a[i] = b[i]


a, b = np.arange(float(N)) % 17, np.zeros(N)
stencil(a, b, 5)
print(a[3], a[N // 2], a[N - 5])  # -> 3.0 11.9833984375 2.9296875


# Three loops, arrays and numbers made between them, values that stay, variables of both.
@njit(parallel=True)
def chain(n):
    a = np.zeros(n)
    t = 1.5
    for i in prange(n):
        t = np.sqrt(i)
        a[i] = t
    b = np.empty(n)
    scale = 2.0
    for k in prange(n):
        u = a[k] * scale
        b[k] = u + k
    most = 0.0
    total = 0
    for i in prange(n):
        u = b[i] - a[i]
        a[i] = u * 2.0
        most = max(most, u)
        total += i
    return a, b, t, u, i, k, most, total


a, b, t, u, i, k, most, total = chain(N)
print(a[0], a[9], a[N - 1], b[0], b[N - 1], t, u, i, k, most, total)
# -> 0.0 24.0 120487.89386605672 0.0 60488.89386605672 244.94693302836023 60243.94693302836 59999 59999 60243.94693302836 1799970000
a, b, i = chain(1)[0], chain(1)[1], chain(1)[4]
print(a, b, i)  # -> [0.] [0.] 0


# Other numbers of iterations; steps; a variable of the first in the second.
@njit(parallel=True)
def others(a, b, n, m, step):
    for i in prange(n):
        a[i] = i
    for i in prange(m):
        b[i] = a[i] + 1
    for i in prange(n - 1, -1, step):
        a[i] *= 2
    for j in prange(n - 1, -1, step):
        b[j] += a[j]
    s = 0
    for i in prange(n):
        s += i % 3
    for i in prange(n):
        a[i] += s
    return s, i, j


a, b = np.zeros(N), np.zeros(N)
print(others(a, b, N, N - 5, -1), a.sum(), b.sum())  # -> (60000, 59999, 0) 7199940000.0 5399670010.0
print(others(a, b, N, N, -3), a.sum(), b.sum())  # -> (60000, 59999, 2) 5999980000.0 3000050000.0


# Rows: an iteration of the second reads all of the row that the first has stored.
@njit(parallel=True)
def rows(m, out):
    for i in prange(m.shape[0]):
        for j in range(m.shape[1]):
            m[i, j] = i * 10 + j % 7
    for i in prange(m.shape[0]):
        s = 0.0
        for j in range(m.shape[1]):
            s += m[i, j]
        out[i] = s


m, out = np.zeros((300, 400)), np.zeros(300)
rows(m, out)
print(m.sum(), out[0], out[299], out.sum())  # -> 179759100.0 1197.0 1197197.0 179759100.0


@njit(parallel=True)
def columns(m, out):
    for i in prange(m.shape[0]):
        for j in range(m.shape[1]):
            m[i, j] = i * 10 + j % 7
    for i in prange(m.shape[0]):
        s = 0.0
        for j in range(m.shape[1]):
            s += m[j, i]
        out[i] = s


m, out = np.zeros((300, 300)), np.zeros(300)
columns(m, out)
print(m.sum(), out[0], out[299], out.sum())  # -> 134819100.0 448500.0 450000.0 134819100.0
