# Orders and places given by several arrays: np.lexsort, np.ix_; np.sort_complex.
import numpy as np


def ordered(keys, places):
    if keys[0].ndim != 1:
        reject(keys, "!np.lexsort() takes keys of 1 dimension")
    if keys[0].size != places.size:
        raise ValueError("all keys need to be the same shape")
    by_one_more = places[np.argsort(keys[0][places])]
    if len(keys) == 1:
        return by_one_more
    return ordered(keys[1:], by_one_more)


def lexsort(keys, axis: literal = -1):
    if isinstance(keys, tuple):
        if len(keys) == 0:
            reject(keys, "!need sequence of keys with len > 0 in lexsort")
        first = keys[0]
        if axis_of(axis, first.ndim) != 0:
            reject(axis, "!np.lexsort() takes keys of 1 dimension")
        return ordered(keys, np.arange(first.size))
    if not isinstance(keys, np.ndarray) or keys.ndim != 2:
        reject(keys, "a tuple of arrays of 1 dimension, or an array of 2")
    if keys.shape[0] == 0:
        raise TypeError("need sequence of keys with len > 0 in lexsort")
    places = np.arange(keys.shape[1])
    for k in range(keys.shape[0]):
        places = places[np.argsort(keys[k][places])]
    return places


def open_mesh(sequences, k: literal, n: literal):
    v = np.asarray(sequences[0])
    if v.ndim != 1:
        reject(sequences, "!Cross index must be 1 dimensional")
    p = np.nonzero(v)[0] if v.dtype == np.bool_ else v
    first = (p.reshape((1,) * k + (p.size,) + (1,) * (n - k - 1)),)
    if k == n - 1:
        return first
    return first + open_mesh(sequences[1:], k + 1, n)


def ix_(*args):
    if len(args) == 0:
        return ()
    return open_mesh(args, 0, len(args))


def sort_complex(a: array):
    if a.dtype.kind == "c":
        return np.sort(a)
    if a.dtype == np.int8 or a.dtype == np.int16 or a.dtype == np.uint8 or a.dtype == np.uint16:
        return np.sort(a.astype(np.complex64))
    return np.sort(a.astype(np.complex128))
