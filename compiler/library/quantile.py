# np.median, np.percentile, np.quantile and the forms that leave out nan.
import numpy as np


# The k-th smallest of v[lo], ..., v[hi]; smaller ones go before it, larger ones behind it (Hoare's FIND).
def select(v, lo, hi, k):
    while lo < hi:
        a = v[lo]
        b = v[(lo + hi) >> 1]
        c = v[hi]
        pivot = max(min(a, b), min(max(a, b), c))
        i = lo
        j = hi
        while i <= j:
            while v[i] < pivot:
                i += 1
            while pivot < v[j]:
                j -= 1
            if i <= j:
                x = v[i]
                v[i] = v[j]
                v[j] = x
                i += 1
                j -= 1
        if k <= j:
            hi = j
        elif k >= i:
            lo = i
        else:
            lo = hi
    return v[k]


def smallest(v, lo, n):
    x = v[lo]
    for i in range(lo + 1, n):
        x = min(x, v[i])
    return x


def float_type(a):
    if a.dtype.kind == "c":
        reject(a, "real numbers")
    return a.dtype if a.dtype.kind == "f" else np.float64


# v[:n] has no nan. t: the type of the result.
def median_of(v, n, t: literal):
    k = n // 2
    high = t(select(v, 0, n - 1, k))
    if n % 2 == 1:
        return high
    low = v[0]
    for i in range(1, k):
        low = max(low, v[i])
    return (t(low) + high) / t(2)


def quantile_of(v, n, q, t: literal, method: literal):
    place = (n - 1) * q
    k = np.int64(np.floor(place))
    gamma = place - k
    if method == "lower":
        gamma = gamma * 0
    if method == "higher":
        gamma = np.ceil(gamma)
    if method == "nearest":
        gamma = np.float64(1 if gamma > 0.5 or (gamma == 0.5 and k % 2 == 1) else 0)
    if method == "midpoint":
        gamma = np.float64(0.5 if gamma > 0 else 0)
    low = t(select(v, 0, n - 1, k))
    if k + 1 >= n:
        return low
    high = t(smallest(v, k + 1, n))
    g = t(gamma)
    if g >= 0.5:
        return high - (high - low) * (t(1) - g)
    return low + (high - low) * g


# The elements of a column of v without nan (skip), their number, and whether there was a nan.
def gather(v, i, j, buffer, skip: literal):
    n = 0
    found = False
    for k in range(v.shape[1]):
        x = v[i, k, j]
        if x != x:
            found = True
            if skip:
                continue
        buffer[n] = x
        n += 1
    return n, found


def medians(a, axis: literal, keepdims: literal, skip: literal):
    t = float_type(a)
    k = axis_of(axis, a.ndim)
    shape = a.shape[:k] + (1,) + a.shape[k + 1 :] if keepdims else a.shape[:k] + a.shape[k + 1 :]
    v = blocks(a, k)
    out = np.empty((v.shape[0], v.shape[2]), t)
    buffer = np.empty(v.shape[1], a.dtype)
    for i in range(v.shape[0]):
        for j in range(v.shape[2]):
            n, found = gather(v, i, j, buffer, skip)
            if n == 0 or (found and not skip):
                out[i, j] = np.nan
            else:
                out[i, j] = median_of(buffer, n, t)
    if a.ndim == 1 and not keepdims:
        return out[0, 0]
    return out.reshape(shape)


def median_all(a, keepdims: literal, skip: literal):
    made = medians(a.ravel(), 0, True, skip)
    if keepdims:
        return made.reshape((1,) * a.ndim)
    return made[0]


# Several axes as one, the last.
def joined(a, axis: literal):
    if len(axis) == 1:
        return np.moveaxis(a, axis[0], -1)
    if len(axis) == a.ndim:
        return a.ravel()
    if len(axis) == 2:
        return flat_end(np.ascontiguousarray(np.moveaxis(a, axis, (-2, -1))), 2)
    if len(axis) == 3:
        return flat_end(np.ascontiguousarray(np.moveaxis(a, axis, (-3, -2, -1))), 3)
    reject(axis, "an integer, at most 3 axes, all of them or None")


def flat_end(a, n: literal):
    length = 1
    for s in a.shape[a.ndim - n :]:
        length *= s
    return a.reshape(a.shape[: a.ndim - n] + (length,))


# The shape in which these axes have the length 1.
def kept_shape(a, axis: literal, k: literal):
    if k == a.ndim:
        return ()
    length = (1 if k in axis or k - a.ndim in axis else a.shape[k],)
    return length + kept_shape(a, axis, k + 1)


def together(made, a, axis: literal, keepdims: literal):
    return np.asarray(made).reshape(kept_shape(a, axis, 0)) if keepdims else made


def median(a: elements, axis: literal = None, out=None, overwrite_input: literal = False, keepdims: literal = False):
    if out is not None:
        reject(out, "!an array to write into is not supported by median()")
    if axis is None:
        return median_all(a, keepdims, False)
    if isinstance(axis, tuple):
        return together(medians(joined(a, axis), -1, False, False), a, axis, keepdims)
    return medians(a, axis, keepdims, False)


def nanmedian(a: elements, axis: literal = None, out=None, overwrite_input: literal = False, keepdims: literal = False):
    if out is not None:
        reject(out, "!an array to write into is not supported by nanmedian()")
    if axis is None:
        return median_all(a, keepdims, True)
    if isinstance(axis, tuple):
        return together(medians(joined(a, axis), -1, False, True), a, axis, keepdims)
    return medians(a, axis, keepdims, True)


# For each q a row of results, one for each column of v.
def table(a, v, q, method: literal, skip: literal, t: literal):
    out = np.empty((q.size, v.shape[0], v.shape[2]), t)
    buffer = np.empty(v.shape[1], a.dtype)
    for i in range(v.shape[0]):
        for j in range(v.shape[2]):
            n, found = gather(v, i, j, buffer, skip)
            for r in range(q.size):
                if n == 0 or (found and not skip):
                    out[r, i, j] = np.nan
                else:
                    out[r, i, j] = quantile_of(buffer, n, q[r], t, method)
    return out


def quantiles(a, q, scale: literal, axis: literal, method: literal, keepdims: literal, skip: literal):
    if method not in ("linear", "lower", "higher", "nearest", "midpoint"):
        reject(method, "!this method is not supported: 'linear', 'lower', 'higher', 'nearest' and 'midpoint' are")
    if isinstance(axis, tuple):
        made = quantiles(joined(a, axis), q, scale, -1, method, False, skip)
        return made.reshape(np.asarray(q).shape + kept_shape(a, axis, 0)) if keepdims else made
    if axis is None:
        made = quantiles(a.ravel(), q, scale, 0, method, False, skip)
        return np.asarray(made).reshape(np.asarray(q).shape + (1,) * a.ndim) if keepdims else made
    k = axis_of(axis, a.ndim)
    given = np.asarray(q)
    points = given.ravel().astype(np.float64) / scale
    for p in points:
        if not (p >= 0 and p <= 1):
            if scale == 100:
                raise ValueError("Percentiles must be in the range [0, 100]")
            raise ValueError("Quantiles must be in the range [0, 1]")
    if not skip:
        if a.shape[k] == 0:
            raise IndexError("index -1 is out of bounds for axis 0 with size 0")
    t = float_type(a)
    if isinstance(q, (np.ndarray, tuple)):
        t64 = np.float64
        return table(a, blocks(a, k), points, method, skip, t64).reshape(given.shape + rest(a, k, keepdims))
    if a.ndim == 1 and not keepdims:
        return table(a, blocks(a, k), points, method, skip, t)[0, 0, 0]
    return table(a, blocks(a, k), points, method, skip, t).reshape(given.shape + rest(a, k, keepdims))


def rest(a, k: literal, keepdims: literal):
    if keepdims:
        return a.shape[:k] + (1,) + a.shape[k + 1 :]
    return a.shape[:k] + a.shape[k + 1 :]


def quantile(a: elements, q, axis: literal = None, method: literal = "linear", keepdims: literal = False):
    return quantiles(a, q, 1, axis, method, keepdims, False)


def percentile(a: elements, q, axis: literal = None, method: literal = "linear", keepdims: literal = False):
    return quantiles(a, q, 100, axis, method, keepdims, False)


def nanquantile(a: elements, q, axis: literal = None, method: literal = "linear", keepdims: literal = False):
    return quantiles(a, q, 1, axis, method, keepdims, True)


def nanpercentile(a: elements, q, axis: literal = None, method: literal = "linear", keepdims: literal = False):
    return quantiles(a, q, 100, axis, method, keepdims, True)
