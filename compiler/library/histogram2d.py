# np.histogram2d.
import numpy as np


def outer_edges(v, range):
    if range is not None:
        low = range[0]
        high = range[1]
        if low > high:
            raise ValueError("max must be larger than min in range parameter.")
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"supplied range of [{low}, {high}] is not finite")
    else:
        some = v if v.size > 0 else np.arange(2).astype(v.dtype)
        low = some.min()
        high = some.max()
        if not (np.isfinite(low) and np.isfinite(high)):
            raise ValueError(f"autodetected range of [{low}, {high}] is not finite")
    if low == high:
        return low - 0.5, high + 0.5
    return low + 0.0, high + 0.0


def edges_of(v, bins, range, k: literal):
    if isinstance(bins, (np.ndarray, tuple)):
        edges = np.asarray(bins)
        if edges.ndim != 1:
            reject(bins, "an integer or an array of edges of 1 dimension")
        for i in np.arange(1, edges.size):
            if edges[i - 1] > edges[i]:
                raise ValueError(f"`bins[{k}]` must be monotonically increasing, when an array")
        return edges
    if not isinstance(bins, (int, np.integer)):
        reject(bins, "an integer or an array of edges of 1 dimension")
    if bins < 1:
        raise ValueError(f"`bins[{k}]` must be positive, when an integer")
    low, high = outer_edges(v, range)
    return np.linspace(low, high, bins + 1)


# The number of each value's bin; -1 or past the last one for what lies beyond the ends.
def bins_of(v, edges):
    n = edges.size
    places = np.searchsorted(edges, v, side="right") - 1
    for i in range(v.size):
        if n > 0 and v[i] == edges[n - 1]:
            places[i] = n - 2
    return places


def counted(u, v, xedges, yedges, density: literal, weights):
    rows = xedges.size - 1
    columns = yedges.size - 1
    out = np.zeros((rows, columns))
    p = bins_of(u, xedges)
    q = bins_of(v, yedges)
    if weights is None:
        for i in range(u.size):
            if p[i] >= 0 and p[i] < rows and q[i] >= 0 and q[i] < columns:
                out[p[i], q[i]] += 1.0
    else:
        w = np.asarray(weights).ravel()
        if w.size != u.size:
            raise ValueError("The weights and list don't have the same length.")
        for i in range(u.size):
            if p[i] >= 0 and p[i] < rows and q[i] >= 0 and q[i] < columns:
                out[p[i], q[i]] += w[i]
    if density:
        s = out.sum()
        out = out / np.diff(xedges).reshape(rows, 1)
        out = out / np.diff(yedges).reshape(1, columns)
        return out / s, xedges, yedges
    return out, xedges, yedges


def histogram2d(x: array, y: array, bins=10, range=None, density: literal = None, weights=None):
    if x.ndim != 1 or y.ndim != 1:
        reject(x, "arrays of 1 dimension")
    if x.size != y.size:
        raise ValueError("x and y must have the same length.")
    t = np.result_type(x, y)
    u = x.astype(t)
    v = y.astype(t)
    if range is None:
        xrange = None
        yrange = None
    else:
        xrange = range[0]
        yrange = range[1]
    if isinstance(bins, tuple) and len(bins) == 2:
        return counted(u, v, edges_of(u, bins[0], xrange, 0), edges_of(v, bins[1], yrange, 1), density, weights)
    if isinstance(bins, np.ndarray):
        if bins.size == 2:
            raise ValueError("np.histogram2d() takes two numbers of bins, or two arrays of edges, as a tuple")
    return counted(u, v, edges_of(u, bins, xrange, 0), edges_of(v, bins, yrange, 1), density, weights)
