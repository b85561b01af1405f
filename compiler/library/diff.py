# np.diff.
import numpy as np


def diff(a: array, n: literal = 1, axis: literal = -1, prepend=None, append=None):
    k = axis_of(axis, a.ndim)
    if n < 0:
        reject(n, "!order must be non-negative")
    if prepend is not None:
        return diff(joined(prepend, a, k), n, k, None, append)
    if append is not None:
        return diff(joined(a, append, k), n, k)
    if n == 0:
        return a
    high = along(a, k, 1, None)
    low = along(a, k, None, -1)
    first = high != low if a.dtype == np.bool_ else high - low
    return diff(first, n - 1, k) if n > 1 else first


# Two parts along an axis; a number is as wide as the other part.
def joined(x, y, axis: literal):
    if isinstance(x, np.ndarray):
        if isinstance(y, np.ndarray):
            return np.concatenate((x, y), axis)
        return np.concatenate((x, np.full(x.shape[:axis] + (1,) + x.shape[axis + 1 :], y)), axis)
    return np.concatenate((np.full(y.shape[:axis] + (1,) + y.shape[axis + 1 :], x), y), axis)
