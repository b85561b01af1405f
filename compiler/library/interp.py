# np.interp, as NumPy computes it.
import numpy as np


def value_at(x, xp, fp, left, right):
    n = xp.size
    if np.isnan(x):
        return fp[0] * 0 + x
    if x < xp[0]:
        return left
    if x > xp[n - 1]:
        return right
    lo = 0
    hi = n
    while lo < hi:
        mid = lo + ((hi - lo) >> 1)
        if x >= xp[mid]:
            lo = mid + 1
        else:
            hi = mid
    j = lo - 1
    if j == n - 1:
        return fp[j]
    if xp[j] == x:
        return fp[j]
    if fp.dtype.kind == "c":
        slope = (fp[j + 1] - fp[j]) * (1.0 / (xp[j + 1] - xp[j]))
    else:
        slope = (fp[j + 1] - fp[j]) / (xp[j + 1] - xp[j])
    r = slope * (x - xp[j]) + fp[j]
    if np.isnan(r):
        r = slope * (x - xp[j + 1]) + fp[j + 1]
        if np.isnan(r) and fp[j] == fp[j + 1]:
            r = fp[j]
    return r


def interp(x, xp: array, fp: array, left=None, right=None, period=None):
    if xp.ndim != 1:
        reject(xp, "an array of 1 dimension")
    if fp.ndim != 1:
        reject(fp, "an array of 1 dimension")
    if xp.dtype.kind == "c":
        reject(xp, "real numbers")
    if isinstance(x, tuple):
        return interp(np.asarray(x), xp, fp, left, right, period)
    if period is not None:
        return periodic(x, xp, fp, abs(period))
    points = xp.astype(np.float64)
    values = fp.astype(np.complex128 if fp.dtype.kind == "c" else np.float64)
    if points.size == 0:
        raise ValueError("array of sample points is empty")
    if points.size != values.size:
        raise ValueError("fp and xp are not of the same length.")
    zero = values[0] * 0
    below = values[0] if left is None else left + zero * 0
    above = values[-1] if right is None else right + zero * 0
    if isinstance(x, np.ndarray):
        if x.dtype.kind == "c":
            reject(x, "real numbers")
        out = np.empty(x.shape, values.dtype)
        flat = x.ravel()
        to = out.ravel()
        for i in range(flat.size):
            to[i] = value_at(np.float64(flat[i]), points, values, below, above)
        return out
    return value_at(np.float64(x), points, values, below, above)


# The points within one period, with one more at both ends.
def periodic(x, xp, fp, period):
    if period == 0:
        raise ValueError("period must be a non-zero value")
    points = xp.astype(np.float64) % period
    if points.size == 0:
        raise ValueError("array of sample points is empty")
    if points.size != fp.size:
        raise ValueError("fp and xp are not of the same length.")
    order = np.argsort(points)
    p = points[order]
    values = fp[order]
    return interp(x * 1.0 % period, np.concatenate((p[-1:] - period, p, p[:1] + period)), np.concatenate((values[-1:], values, values[:1])))
