# np.split and its like: tuples of views, so the number of parts is known when compiling.
import numpy as np


def parts(a, k: literal, n: literal, i: literal, size, extra):
    start = i * size + min(i, extra)
    stop = start + size + (1 if i < extra else 0)
    one = (along(a, k, start, stop),)
    return one if i == n - 1 else one + parts(a, k, n, i + 1, size, extra)


def cuts(a, k: literal, places, start):
    if len(places) == 0:
        return (along(a, k, start, None),)
    return (along(a, k, start, places[0]),) + cuts(a, k, places[1:], places[0])


def array_split(ary: array, indices_or_sections: literal, axis: literal = 0):
    k = axis_of(axis, ary.ndim)
    if isinstance(indices_or_sections, tuple):
        return cuts(ary, k, indices_or_sections, 0)
    if indices_or_sections <= 0:
        reject(indices_or_sections, "!number sections must be larger than 0.")
    n = indices_or_sections
    return parts(ary, k, n, 0, ary.shape[k] // n, ary.shape[k] % n)


def split(ary: array, indices_or_sections: literal, axis: literal = 0):
    k = axis_of(axis, ary.ndim)
    if not isinstance(indices_or_sections, tuple):
        if ary.shape[k] % indices_or_sections != 0:
            raise ValueError("array split does not result in an equal division")
    return array_split(ary, indices_or_sections, k)


def hsplit(ary: array, indices_or_sections: literal):
    return split(ary, indices_or_sections, 0 if ary.ndim == 1 else 1)


def vsplit(ary: array, indices_or_sections: literal):
    return split(ary, indices_or_sections, 0)


def dsplit(ary: array, indices_or_sections: literal):
    return split(ary, indices_or_sections, 2)
