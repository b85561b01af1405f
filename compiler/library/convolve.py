# np.convolve, np.correlate: the sums are made in blocks of results, one product of the shorter array at a time, so that
# the inner loop runs over neighbours in memory.
import numpy as np


# out[i] = sum of long[i + j - (m - 1)] * short[m - 1 - j], the whole of it: n + m - 1 values.
def full(x, y):
    n = x.size
    m = y.size
    t = np.result_type(x, y)
    out = np.zeros(n + m - 1, t)
    for start in range(0, n + m - 1, 1024):
        stop = min(start + 1024, n + m - 1)
        for j in range(m):
            c = y[j]
            lo = max(start, j)
            hi = min(stop, j + n)
            for i in range(lo, hi):
                out[i] += x[i - j] * c
    return out


def cut(whole, n, m, mode: literal):
    if mode == "full":
        return whole
    if mode == "same":
        lo = (m - 1) // 2
        return whole[lo : lo + n].copy()
    return whole[m - 1 : n].copy()


def check(a, v, mode: literal):
    if a.ndim != 1:
        reject(a, "an array of 1 dimension")
    if v.ndim != 1:
        reject(v, "an array of 1 dimension")
    if mode not in ("full", "same", "valid"):
        reject(mode, "!mode must be 'full', 'same' or 'valid'")
    if a.size == 0:
        raise ValueError("a cannot be empty")
    if v.size == 0:
        raise ValueError("v cannot be empty")


def convolve(a: array, v: array, mode: literal = "full"):
    check(a, v, mode)
    x = np.ascontiguousarray(a)
    y = np.ascontiguousarray(v)
    if y.size > x.size:
        return cut(full(y, x), y.size, x.size, mode)
    return cut(full(x, y), x.size, y.size, mode)


def correlate(a: array, v: array, mode: literal = "valid"):
    check(a, v, mode)
    x = np.ascontiguousarray(a)
    y = np.ascontiguousarray(np.conj(v)[::-1])
    if y.size > x.size:
        whole = full(y, x)
        if mode == "same":  # counted from the other end
            lo = y.size + x.size - 1 - (x.size - 1) // 2 - y.size
            return whole[lo : lo + y.size].copy()
        return cut(whole, y.size, x.size, mode)
    return cut(full(x, y), x.size, y.size, mode)
