# np.isin and set operations.
import numpy as np


def isin(element, test_elements, assume_unique: literal = False, invert: literal = False, kind: literal = None):
    if kind not in (None, "sort", "table"):
        reject(kind, "!kind must be 'sort', 'table' or None")
    where = np.asarray(element)
    t = np.result_type(where, np.asarray(test_elements))
    wanted = np.sort(np.asarray(test_elements).ravel().astype(t))
    out = np.empty(where.shape, np.bool_)
    flat = where.ravel()
    to = out.ravel()
    for i in range(flat.size):
        x = t(flat[i])
        lo = 0
        hi = wanted.size
        while lo < hi:
            mid = (lo + hi) >> 1
            if wanted[mid] < x:
                lo = mid + 1
            else:
                hi = mid
        found = lo < wanted.size and wanted[lo] == x
        to[i] = found != invert
    return out


def in1d(ar1, ar2, assume_unique: literal = False, invert: literal = False):
    return isin(np.asarray(ar1).ravel(), ar2, False, invert)


def union1d(ar1: array, ar2: array):
    return np.unique(np.concatenate((ar1, ar2), axis=None))


def intersect1d(ar1: array, ar2: array, assume_unique: literal = False):
    t = np.result_type(ar1, ar2)
    x = np.unique(ar1).astype(t)
    return x[isin(x, ar2)]


def setdiff1d(ar1: array, ar2: array, assume_unique: literal = False):
    x = ar1.ravel() if assume_unique else np.unique(ar1)
    return x[isin(x, ar2, False, True)]


def setxor1d(ar1: array, ar2: array, assume_unique: literal = False):
    return np.sort(np.concatenate((setdiff1d(ar1, ar2), setdiff1d(ar2, ar1))))
