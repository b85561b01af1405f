# np.histogram.
import numpy as np


def between(a, edges, weights):
    for i in range(1, edges.size):
        if edges[i] < edges[i - 1]:
            raise ValueError("`bins` must increase monotonically, when an array")
    v = a.ravel()
    n = max(edges.size - 1, 0)
    if weights is None:
        counts = np.zeros(n, np.int64)
    else:
        w = np.asarray(weights).ravel()
        if w.size != v.size:
            raise ValueError("weights should have the same shape as a.")
        counts = np.zeros(n, w.dtype)
    if n == 0:
        return counts
    for i in range(v.size):
        x = v[i]
        if x >= edges[0] and x <= edges[n]:
            lo = 0
            hi = n
            while lo < hi:  # the last edge below n that is not above x
                mid = (lo + hi + 1) >> 1
                if mid < n and edges[mid] <= x:
                    lo = mid
                else:
                    hi = mid - 1
            if weights is None:
                counts[lo] += 1
            else:
                counts[lo] += w[i]
    return counts


def total(counts):
    s = 0.0
    for c in counts:
        s += c
    return s


def histogram(a: array, bins=10, range=None, density: literal = None, weights=None):
    if isinstance(bins, (np.ndarray, tuple)):
        edges = np.asarray(bins)
        if edges.ndim != 1:
            reject(bins, "an integer or an array of edges of 1 dimension")
        counts = between(a, edges, weights)
    else:
        if not isinstance(bins, (int, np.integer)):
            reject(bins, "an integer or an array of edges of 1 dimension")
        counts, edges = histogram_even(a, bins, range, None, weights)
    if density:
        return counts / np.diff(edges) / total(counts), edges
    return counts, edges


def histogram_bin_edges(a: array, bins=10, range=None, weights=None):
    counts, edges = histogram(a, bins, range)
    return edges
