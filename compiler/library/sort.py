# np.sort, np.argsort.
import numpy as np


def sort(a: array, axis: literal = -1, kind: literal = None, order: literal = None, stable: literal = None):
    if axis is None:
        return sort_last(real(a).ravel())
    k = axis_of(axis, a.ndim)
    if k == a.ndim - 1:
        return sort_last(real(a))
    return np.ascontiguousarray(np.swapaxes(sort_last(np.swapaxes(real(a), k, -1)), k, -1))


def argsort(a: array, axis: literal = -1, kind: literal = None, order: literal = None, stable: literal = None):
    if axis is None:
        return argsort_last(real(a).ravel())
    k = axis_of(axis, a.ndim)
    if k == a.ndim - 1:
        return argsort_last(real(a))
    return np.ascontiguousarray(np.swapaxes(argsort_last(np.swapaxes(real(a), k, -1)), k, -1))


def real(a):
    if a.dtype.kind == "c":
        reject(a, "an array of real numbers")
    return a
