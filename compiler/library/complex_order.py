# np.max, np.min, np.argmax, np.argmin of complex numbers: by real, then by imaginary part; the first with nan before all.
import numpy as np


def is_before(x, best, largest: literal):
    if largest:
        return x.real > best.real or (x.real == best.real and x.imag > best.imag)
    return x.real < best.real or (x.real == best.real and x.imag < best.imag)


def first_place(flat, largest: literal):
    at = 0
    for i in range(flat.size):
        if np.isnan(flat[i]):
            return i
        if is_before(flat[i], flat[at], largest):
            at = i
    return at


def places(a, axis: literal, largest: literal):
    rows = np.ascontiguousarray(np.moveaxis(a, axis, -1))
    out = np.empty(rows.shape[:-1], np.int64)
    flat = out.reshape(-1)
    lines = rows.reshape(flat.size, rows.shape[-1])
    for i in range(flat.size):
        flat[i] = first_place(lines[i], largest)
    return out


def check_length(n, largest: literal):
    if n == 0:
        if largest:
            raise ValueError("attempt to get argmax of an empty sequence")
        raise ValueError("attempt to get argmin of an empty sequence")


def check_extreme(n, largest: literal):
    if n == 0:
        if largest:
            raise ValueError("zero-size array to reduction operation maximum which has no identity")
        raise ValueError("zero-size array to reduction operation minimum which has no identity")


def positions(a, axis: literal, keepdims: literal, largest: literal):
    if axis is None:
        check_length(a.size, largest)
        at = first_place(a.ravel(), largest)
        return np.full((1,) * a.ndim, at) if keepdims else at
    k = axis_of(axis, a.ndim)
    check_length(a.shape[k], largest)
    if a.ndim == 1:
        at = first_place(a, largest)
        return np.full(1, at) if keepdims else at
    at = places(a, k, largest)
    return np.expand_dims(at, k) if keepdims else at


def elements_at(a, axis: literal, keepdims: literal, largest: literal):
    if isinstance(axis, tuple):
        kept = over_axes(a, axis, 0, largest)
        if keepdims:
            return kept
        return kept.ravel()[0] if len(axis) == a.ndim else np.squeeze(kept, axis)
    if axis is None or a.ndim == 1:
        check_extreme(a.size, largest)
        flat = a.ravel()
        x = flat[first_place(flat, largest)]
        return np.full((1,) * a.ndim, x) if keepdims else x
    k = axis_of(axis, a.ndim)
    check_extreme(a.shape[k], largest)
    x = np.take_along_axis(a, np.expand_dims(places(a, k, largest), k), k)
    return x if keepdims else np.squeeze(x, k)


# One axis of several after the other; each keeps its place.
def over_axes(a, axis: literal, at: literal, largest: literal):
    if at == len(axis):
        return a
    return over_axes(elements_at(a, axis[at], True, largest), axis, at + 1, largest)


def given_to(out, value):
    if out is None:
        return value
    out[...] = value
    return out


def complex_max(a: elements, axis: literal = None, out=None, keepdims: literal = False):
    return given_to(out, elements_at(a, axis, keepdims, True))


def complex_min(a: elements, axis: literal = None, out=None, keepdims: literal = False):
    return given_to(out, elements_at(a, axis, keepdims, False))


def complex_argmax(a: elements, axis: literal = None, out=None, keepdims: literal = False):
    return given_to(out, positions(a, axis, keepdims, True))


def complex_argmin(a: elements, axis: literal = None, out=None, keepdims: literal = False):
    return given_to(out, positions(a, axis, keepdims, False))
