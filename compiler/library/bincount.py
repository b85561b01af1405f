# np.bincount.
import numpy as np


def bincount(x: array, weights=None, minlength: integer = 0):
    if x.ndim != 1:
        reject(x, "an array of 1 dimension")
    if x.dtype.kind not in ("i", "u", "b"):
        reject(x, "an array of integers")
    if minlength < 0:
        raise ValueError("'minlength' must not be negative")
    top = np.int64(-1)
    for v in x:
        if np.int64(v) < 0:
            raise ValueError("'list' argument must have no negative elements")
        top = max(top, np.int64(v))
    size = max(top + 1, np.int64(minlength))
    if weights is None:
        counts = np.zeros(size, np.int64)
        for v in x:
            counts[np.int64(v)] += 1
        return counts
    w = np.asarray(weights)
    if w.ndim != 1:
        reject(weights, "an array of 1 dimension")
    if w.dtype.kind == "c":
        reject(weights, "real numbers")
    if w.size != x.size:
        raise ValueError("The weights and list don't have the same length.")
    sums = np.zeros(size)
    for i in range(x.size):
        sums[np.int64(x[i])] += w[i]
    return sums
