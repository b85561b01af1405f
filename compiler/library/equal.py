# np.array_equal, np.allclose, np.average, np.unravel_index ...
import numpy as np


def array_equal(a1, a2, equal_nan: literal = False):
    x = np.asarray(a1)
    y = np.asarray(a2)
    if x.ndim != y.ndim:
        return False
    if x.ndim == 0:
        return bool(x == y or (equal_nan and x != x and y != y))
    for k in range(x.ndim):
        if x.shape[k] != y.shape[k]:
            return False
    if equal_nan and x.dtype.kind in ("f", "c") and y.dtype.kind in ("f", "c"):
        return bool(np.all((x == y) | (np.isnan(x) & np.isnan(y))))
    return bool(np.all(x == y))


def array_equiv(a1, a2):
    x = np.asarray(a1)
    y = np.asarray(a2)
    for k in range(1, min(x.ndim, y.ndim) + 1):
        n = x.shape[x.ndim - k]
        m = y.shape[y.ndim - k]
        if n != m and n != 1 and m != 1:
            return False
    return bool(np.all(x == y))


def allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan: literal = False):
    close = np.isclose(np.asarray(a), np.asarray(b), rtol, atol, equal_nan)
    return bool(np.all(close)) if isinstance(close, np.ndarray) else bool(close)


def check_total(total):
    if np.any(np.asarray(total) == 0):
        raise ZeroDivisionError("Weights sum to zero, can't be normalized")


def average(a: elements, axis: literal = None, weights=None, keepdims: literal = False):
    if weights is None:
        made = np.mean(a, axis=axis, keepdims=keepdims)
        if isinstance(made, np.ndarray):
            if made.size == 0:
                raise ZeroDivisionError("division by zero")
        return made
    w = np.asarray(weights)
    if w.ndim == a.ndim:
        total = np.sum(w, axis=axis, keepdims=keepdims)
        check_total(total)
        return np.sum(a * w, axis=axis, keepdims=keepdims) / total
    if axis is None:
        reject(weights, "!Axis must be specified when shapes of a and weights differ.")
    if w.ndim != 1:
        reject(weights, "an array of 1 dimension or as many as 'a'")
    k = axis_of(axis, a.ndim)
    if w.size != a.shape[k]:
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    total = np.sum(w)
    check_total(total)
    return np.sum(a * w.reshape((1,) * k + (w.size,) + (1,) * (a.ndim - k - 1)), axis=k, keepdims=keepdims) / total
