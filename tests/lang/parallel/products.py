"""Products of matrices and vectors in parallel functions: large enough for tiles, exact in float64."""
import numpy as np
from numba import njit, prange


@njit(parallel=True)
def matrices(a, b):
    return a @ b


@njit(parallel=True)
def itself(a):
    return a @ a.T


@njit(parallel=True)
def lines(a, x, y):
    return a @ x, y @ a, np.dot(y, a @ x)


@njit(parallel=True)
def rows_of(a, b, out):
    for i in prange(out.shape[0]):
        out[i] = (a[i:] @ b).sum()


def grid(m, n, step):
    return (np.arange(m * n) * step % 17 - 8.0).reshape(m, n)


a = grid(310, 250, 7)
b = grid(250, 290, 5)
c = matrices(a, b)
print(c.shape, c.sum(), c[7, 11], c[309, 289], c[:, 100].sum())  # -> (310, 290) -8052.0 -1203.0 -987.0 -1895.0
print(np.array_equal(matrices(a, b[:, ::2]), c[:, ::2]), np.array_equal(matrices(b.T, a.T), c.T))  # -> True True
s = itself(a)
print(s.sum(), s[3, 200], np.array_equal(s, s.T), np.array_equal(s, matrices(a, np.ascontiguousarray(a.T))))  # -> 57922.0 -2756.0 True True
t = matrices(np.array([a, a + 1]), b)
print(t.shape, np.array_equal(t[0], c), t[1].sum())  # -> (2, 310, 290) True -9292.0
big = grid(900, 1000, 3)
x, y = grid(1000, 1, 2)[:, 0], grid(900, 1, 4)[:, 0]
p, q, r = lines(big, x, y)
print(p.sum(), p[899], q.sum(), q[999], r, np.array_equal(big.T @ y, q))  # -> -3072.0 5946.0 11638.0 -30.0 -4486122.0 True
k = matrices((a * 3).astype(np.int64), (b * 2).astype(np.int64))
print(k.dtype, k.sum(), k[1, 2], np.dot(np.arange(300000), np.arange(300000)))  # -> int64 -48312 2928 8999955000050000
out = np.zeros(4)
rows_of(a, b, out)
print(out)  # -> [-8052. -7053. -4018.  -987.]
