# Slices that a branch or an early end of a loop leaves as they were: their lengths are those of then, not of now.
import numpy as np
from numba import njit


@njit
def sizes(a, c):
    t = a[:1]
    out = np.zeros(c.size)
    for k in range(c.size):
        if c[k] > 0:
            t = a[:k]
        out[k] = np.sum(t * 2.0) + t.size
    return out


@njit
def last(a, n):
    x = 0
    t = a[:0]
    for j in range(3):
        for k in range(n):
            x = k + j
            if k == 2:
                break
            t = a[:x]
    return (t + 1.0).size, x


@njit
def mismatch(a, c):
    s = 0.0
    t = a[:1]
    for k in range(1, c.size):
        if c[k] > 0:
            t = a[:k]
        u = a[: k + 1]
        s += (t + u[:k]).sum()
    return s


print(sizes(np.arange(6.0), np.array([0, 0, 1, 0, 0])))  # -> [1. 1. 4. 4. 4.]
print(last(np.arange(9.0), 5))  # -> (3, 4)
print(mismatch(np.arange(6.0), np.array([1, 1, 1, 1])))  # -> 8.0
