# Arrays that iterations of a prange loop fold values into. Sizes go over the point where threads are used.
import numpy as np
from numba import njit, prange


@njit(parallel=True)
def rows(x, n):
    h = np.zeros(4)
    for i in prange(n):
        h += x[i]
        h[:] -= 2.0
    return h


x = np.arange(400000.0).reshape(100000, 4)
print(rows(x, 100000), rows(x, 10), rows(x, 0))  # -> [1.99996e+10 1.99997e+10 1.99998e+10 1.99999e+10] [160. 170. 180. 190.] [0. 0. 0. 0.]


@njit(parallel=True)
def counts(cells, n):
    h = np.zeros(40, np.int64)
    bits = np.zeros((3, 2), np.int64)
    for i in prange(n):
        h[cells[i]] += 1
        bits[cells[i] % 3, 1] |= i & 255
    return h, bits


cells = np.arange(100000) * 7919 % 40
for out in counts(cells, 100000):
    print(out)
# -> [2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500
# ->  2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500
# ->  2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500 2500]
# -> [[  0 255]
# ->  [  0 255]
# ->  [  0 255]]


@njit(parallel=True)
def into_argument(out, x):
    # strided, Fortran order: the array keeps its memory
    for i in prange(x.shape[0]):
        out += x[i, 0]
        out[:, 1] += 1


big = np.zeros((6, 4), order='F')
into_argument(big[::2], x)
print(big)
# -> [[1.99998e+10 1.99999e+10 1.99998e+10 1.99998e+10]
# ->  [0.00000e+00 0.00000e+00 0.00000e+00 0.00000e+00]
# ->  [1.99998e+10 1.99999e+10 1.99998e+10 1.99998e+10]
# ->  [0.00000e+00 0.00000e+00 0.00000e+00 0.00000e+00]
# ->  [1.99998e+10 1.99999e+10 1.99998e+10 1.99998e+10]
# ->  [0.00000e+00 0.00000e+00 0.00000e+00 0.00000e+00]]


@njit(parallel=True)
def branches(x, n):
    h = np.zeros(3)
    for i in prange(n):
        if i % 3 == 1:
            continue
        for j in range(3):
            if j != i % 2:
                h[j] -= i + j
    return h


print(branches(x, 50000))  # -> [-4.16650000e+08 -4.16666667e+08 -8.33366666e+08]


@njit(parallel=True)
def own_places(x, n):
    h = np.zeros(n)
    for i in prange(n):
        h[i] += x[i, 0]
        h[i] += 1
    return h


print(own_places(x, 100000).sum())  # -> 19999900000.0


@njit(parallel=True)
def read_too(x, n):
    # what is read between is no fold: the loop keeps its order
    h = np.zeros(4)
    s = 0.0
    for i in prange(n):
        h += x[i]
        s += h[0]
    return h, s


h, s = read_too(x, 1000)
print(h, s)  # -> [1998000. 1999000. 2000000. 2001000.] 666666000.0


# What is folded into has another name in the loop: no copies, and the loop keeps its order.
@njit(parallel=True)
def two_names(n, x):
    a = np.zeros(n + 8)
    v = a[2:-2]
    for i in prange(n):
        a[i : i + 1][:] += x[i]
        v[i + 3] = x[i] * 2
    return a


print(two_names(6, np.arange(6.0)))  # -> [ 0.  1.  2.  3.  4.  5.  2.  4.  6.  8. 10.  0.  0.  0.]
