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


# A cast to fewer bits is not the number: several iterations have one element.
@njit(parallel=True)
def narrow(a, n):
    for i in prange(n):
        k = np.int64(i).astype(np.uint8)
        a[k] = a[k] * 0.5 + i


# v is i * m, 0, 1, 2, ...: the temporary is made after v has taken what it was.
@njit(parallel=True)
def late_temporary(a, n, m):
    for i in prange(n):
        v = i * m
        t = 0
        for j in range(m):
            a[v] = a[v] * 0.5 + i + j
            v = t
            t = v + 1


# x and y are loaded around a store to what may be the same array.
@njit(parallel=True)
def around_a_store(a, k, b):
    x = k[0]
    b[0] = 1
    y = k[0]
    for i in prange(a.size - 1):
        a[i + x] = a[i + y] * 0.5 + i


narrowed = np.zeros(256)
narrow(narrowed, 20000)
print(narrowed[3], narrowed[255])  # -> 39430.0 39422.0
late = np.zeros(4000)
late_temporary(late, 1000, 4)
print(late[0], late[2], late[400])  # -> 1998.0 2002.0 100.0
index = np.zeros(1, np.int64)
loaded = np.zeros(20001)
around_a_store(loaded, index, index)
print(loaded[0], loaded[17], loaded[20000])  # -> 0.0 17.0 0.0
