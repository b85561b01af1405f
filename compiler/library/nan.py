# Reductions that leave out nan.
import numpy as np


def nansum(a: elements, axis: literal = None, dtype: literal = None, keepdims: literal = False):
    if a.dtype.kind not in ("f", "c"):
        return np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims)
    return np.sum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype, keepdims=keepdims)


def nanprod(a: elements, axis: literal = None, dtype: literal = None, keepdims: literal = False):
    if a.dtype.kind not in ("f", "c"):
        return np.prod(a, axis=axis, dtype=dtype, keepdims=keepdims)
    return np.prod(np.where(np.isnan(a), 1, a), axis=axis, dtype=dtype, keepdims=keepdims)


def counted(a, axis: literal, keepdims: literal):
    return np.sum(a == a, axis=axis, keepdims=keepdims)


def divided(total, count, t: literal):
    if isinstance(total, np.ndarray):
        return total / count.astype(t)
    return total / t(count)


def nanmean(a: elements, axis: literal = None, dtype: literal = None, keepdims: literal = False):
    if a.dtype.kind not in ("f", "c"):
        return np.mean(a, axis=axis, dtype=dtype, keepdims=keepdims)
    total = np.sum(np.where(np.isnan(a), 0, a), axis=axis, dtype=dtype, keepdims=keepdims)
    return divided(total, counted(a, axis, keepdims), a.dtype if dtype is None else dtype)


def squares(a, axis: literal):
    if axis is None:
        d = np.where(np.isnan(a), 0, a - nanmean(a, axis))
    else:
        d = np.where(np.isnan(a), 0, a - nanmean(a, axis, None, True))
    if a.dtype.kind == "c":
        return d.real * d.real + d.imag * d.imag
    return d * d


def nanvar(a: elements, axis: literal = None, dtype: literal = None, out=None, ddof=0, keepdims: literal = False):
    if out is not None:
        reject(out, "!an array to write into is not supported by nanvar()")
    if dtype is not None:
        reject(dtype, "!a dtype is not supported by nanvar()")
    if a.dtype.kind not in ("f", "c"):
        return np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)
    total = np.sum(squares(a, axis), axis=axis, keepdims=keepdims)
    free = counted(a, axis, keepdims) - ddof
    if isinstance(total, np.ndarray):
        return np.where(free > 0, total / free.astype(total.dtype), np.nan).astype(total.dtype)
    t = total.dtype
    return total / t(free) if free > 0 else t(np.nan)


def nanstd(a: elements, axis: literal = None, dtype: literal = None, out=None, ddof=0, keepdims: literal = False):
    if out is not None:
        reject(out, "!an array to write into is not supported by nanstd()")
    if dtype is not None:
        reject(dtype, "!a dtype is not supported by nanstd()")
    return np.sqrt(nanvar(a, axis, None, None, ddof, keepdims))


def nanmin(a: elements, axis: literal = None, out=None, keepdims: literal = False):
    if out is not None:
        reject(out, "!an array to write into is not supported by nanmin()")
    if a.dtype.kind != "f":
        return np.min(a, axis=axis, keepdims=keepdims)
    least = np.min(np.where(np.isnan(a), np.inf, a), axis=axis, keepdims=keepdims)
    return unless_none(a, least, axis, keepdims)


def nanmax(a: elements, axis: literal = None, out=None, keepdims: literal = False):
    if out is not None:
        reject(out, "!an array to write into is not supported by nanmax()")
    if a.dtype.kind != "f":
        return np.max(a, axis=axis, keepdims=keepdims)
    largest = np.max(np.where(np.isnan(a), -np.inf, a), axis=axis, keepdims=keepdims)
    return unless_none(a, largest, axis, keepdims)


def unless_none(a, found, axis: literal, keepdims: literal):
    none = np.all(np.isnan(a), axis=axis, keepdims=keepdims)
    if isinstance(found, np.ndarray):
        return np.where(none, np.nan, found)
    t = a.dtype
    return t(np.nan) if none else found


def positions(a, axis: literal):
    none = np.all(a != a, axis=axis)
    if none if axis is None or a.ndim == 1 else np.any(none):
        raise ValueError("All-NaN slice encountered")


def nanargmin(a: array, axis: literal = None):
    if a.dtype.kind != "f":
        return np.argmin(a, axis=axis)
    positions(a, axis)
    return np.argmin(np.where(np.isnan(a), np.inf, a), axis=axis)


def nanargmax(a: array, axis: literal = None):
    if a.dtype.kind != "f":
        return np.argmax(a, axis=axis)
    positions(a, axis)
    return np.argmax(np.where(np.isnan(a), -np.inf, a), axis=axis)
