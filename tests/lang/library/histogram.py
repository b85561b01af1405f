"""np.histogram of bins of one width: elements on the edges, in the last bin, out of the range; fast-math of the caller."""
import numpy as np
from numba import njit


@njit
def counted(x, n):
    return np.histogram(x, n)[0]


@njit(fastmath=True)
def counted_fast(x, n):
    return np.histogram(x, n)[0]


@njit
def within(x, n, lo, hi):
    return np.histogram(x, n, (lo, hi))


@njit
def weighted(x, w, n):
    return np.histogram(x, n, weights=w)[0]


@njit(fastmath=True)
def least(x):
    return np.nanmin(x), np.nanmax(x), np.min(x[1:]), np.max(x[1:])


def on_edges(n):  # every edge of n bins, and its neighbours
    e = np.histogram(np.array([-0.3, 1.1]), n)[1]
    return np.concatenate((e, np.nextafter(e[:-1], 2.0), np.nextafter(e[1:], -2.0)))


for n in (1, 2, 3, 7, 10, 49, 1000):
    c = counted(on_edges(n), n)
    print(n, c.sum(), np.sum(c * np.arange(n)), c[0], c[-1])
# -> 1 4 0 4 4
# -> 2 7 4 3 4
# -> 3 10 11 3 4
# -> 7 22 69 3 4
# -> 10 31 144 3 4
# -> 49 148 3576 3 4
# -> 1000 3001 1499499 3 4
x = (np.arange(1000) * 7919 % 1009) / 1009
print(counted(x, 6).tolist(), counted_fast(x, 6).tolist(), counted(x.reshape(10, 100).T[::-1], 6).tolist())
# -> [166, 166, 166, 167, 167, 168] [166, 166, 166, 167, 167, 168] [166, 166, 166, 167, 167, 168]
print(counted(x.astype(np.float32), 5).tolist(), counted(np.arange(-4, 9), 5).tolist())  # -> [200, 199, 200, 200, 201] [3, 2, 3, 2, 3]
print(within(x, 4, 0.25, 0.75)[0].tolist(), within(np.array([np.nan, 0.0, 1.0, 2.0, np.inf]), 2, 0.0, 2.0)[0].tolist())
# -> [124, 125, 125, 126] [1, 2]
print(np.round(weighted(x, x * x, 4), 9).tolist(), counted(np.full(3, 2.5), 4).tolist(), counted(np.zeros(0), 3).tolist())
# -> [5.13627894, 36.151737435, 99.028586134, 193.242310779] [0, 0, 3, 0] [0, 0, 0]
print(*[float(v) for v in least(np.array([np.nan, 3.0, -1.0, 7.5]))])  # -> -1.0 7.5 -1.0 7.5
