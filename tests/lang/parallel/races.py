# Loops over prange with races keep their order: what comes out is what range gives. Sizes go over the point where
# threads are used.
import numpy as np
from numba import njit, prange

N = 20000


@njit(parallel=True)
def carried(a):
    for i in prange(1, a.size):
        a[i] = a[i - 1] + 1


a = np.zeros(N)
carried(a)
print(a[N - 1], a.sum())  # -> 19999.0 199990000.0


@njit(parallel=True)
def last_row(m, out):
    for i in prange(m.shape[0]):
        out[:] = m[i] * 2


m = np.arange(4.0 * N).reshape(N, 4)
out = np.zeros(4)
last_row(m, out)
print(out)  # -> [159992. 159994. 159996. 159998.]


@njit(parallel=True)
def through_a_view(a):
    c = a[1:]
    for i in prange(c.size):
        c[i] = a[i] * 0.5 + 1


a = np.zeros(N)
through_a_view(a)
print(a[1], a[2], a[3], a[N - 1])  # -> 1.0 1.5 1.75 2.0


@njit(parallel=True)
def overlapping(a, n):
    for i in prange(n):
        a[i:i + 3] = i


a = np.zeros(N + 3, np.int64)
overlapping(a, N)
print(a[5], a[N - 1], a[N], a[N + 1], a[N + 2])  # -> 5 19999 19999 19999 0


@njit(parallel=True)
def chain(a, q):
    s = 0.0
    for i in prange(a.size):
        s = s * q + a[i]
    return s


print(chain(np.ones(N), 0.5))  # -> 2.0


@njit(parallel=True)
def rows_inside(m):
    # the loop outside keeps its order; the one inside is a region
    for i in prange(1, m.shape[0]):
        for j in prange(m.shape[1]):
            m[i, j] = m[i - 1, j] + 1


m = np.zeros((20, 5000))
rows_inside(m)
print(m[19].min(), m.sum())  # -> 19.0 950000.0
