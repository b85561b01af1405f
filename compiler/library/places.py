# np.unravel_index, np.ravel_multi_index, np.choose, np.apply_along_axis.
import numpy as np


def as_places(x):
    return x.astype(np.int64) if isinstance(x, np.ndarray) else np.int64(x)


def total(shape):
    n = 1
    for s in shape:
        n *= s
    return n


def parts(x, shape):
    if len(shape) == 1:
        return (x,)
    return parts(x // shape[-1], shape[:-1]) + (x % shape[-1],)


def parts_from_first(x, shape):
    if len(shape) == 1:
        return (x,)
    return (x % shape[0],) + parts_from_first(x // shape[0], shape[1:])


def unravel_index(indices, shape, order: literal = "C"):
    if isinstance(indices, tuple):
        return unravel_index(np.asarray(indices), shape, order)
    dims = shape if isinstance(shape, tuple) else (shape,)
    n = total(dims)
    x = as_places(indices)
    for i in np.atleast_1d(x).ravel():
        if i < 0 or i >= n:
            raise ValueError(f"index {i} is out of bounds for array with size {n}")
    return parts(x, dims) if order == "C" else parts_from_first(x, dims)


# An index of an axis of n elements under a mode.
def within(given, n, mode: literal, choosing: literal = False):
    x = as_places(given)
    if mode == "wrap":
        return x % n
    if mode == "clip":
        return np.minimum(np.maximum(x, 0), n - 1)
    for i in np.atleast_1d(x).ravel():
        if i < 0 or i >= n:
            if choosing:
                raise ValueError("invalid entry in choice array")
            raise ValueError("invalid entry in coordinates array")
    return x


def numbered(given, dims, mode: literal):
    last = within(given[-1], dims[-1], mode)
    if len(given) == 1:
        return last
    return numbered(given[:-1], dims[:-1], mode) * dims[-1] + last


def numbered_from_first(given, dims, mode: literal):
    first = within(given[0], dims[0], mode)
    if len(given) == 1:
        return first
    return first + numbered_from_first(given[1:], dims[1:], mode) * dims[0]


def ravel_multi_index(multi_index, dims, mode: literal = "raise", order: literal = "C"):
    if not isinstance(multi_index, tuple):
        reject(multi_index, "a tuple with an index for each axis")
    shape = dims if isinstance(dims, tuple) else (dims,)
    if len(multi_index) != len(shape):
        reject(multi_index, "!parameter multi_index must be a sequence of length as many as dims")
    if mode not in ("raise", "wrap", "clip"):
        reject(mode, "'raise', 'wrap' or 'clip'")
    return numbered(multi_index, shape, mode) if order == "C" else numbered_from_first(multi_index, shape, mode)


def chosen(x, choices, k: literal):
    if k == len(choices) - 1:
        return np.where(x == k, choices[k], choices[k])
    return np.where(x == k, choices[k], chosen(x, choices, k + 1))


def chosen_row(x, choices):
    made = np.where(x == 0, choices[0], choices[0])
    for k in range(1, choices.shape[0]):
        made = np.where(x == k, choices[k], made)
    return made


def choose(a, choices, out=None, mode: literal = "raise"):
    if mode not in ("raise", "wrap", "clip"):
        reject(mode, "'raise', 'wrap' or 'clip'")
    if isinstance(a, tuple):
        return choose(np.asarray(a), choices, out, mode)
    made = chosen(within(a, len(choices), mode, True), choices, 0) if isinstance(choices, tuple) else chosen_row(within(a, choices.shape[0], mode, True), choices)
    if out is None:
        return made
    out[...] = made
    return out


def apply_along_axis(func1d, axis: literal, arr: array, *args):
    k = axis_of(axis, arr.ndim)
    v = blocks(arr, k)
    if v.shape[0] * v.shape[2] == 0:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    first = func1d(v[0, :, 0], *args)
    if isinstance(first, np.ndarray):
        if first.ndim != 1:
            reject(func1d, "a function that gives a number or an array of 1 dimension")
        rows = np.empty((v.shape[0], first.size, v.shape[2]), first.dtype)
        for i in range(v.shape[0]):
            for q in range(v.shape[2]):
                rows[i, :, q] = func1d(v[i, :, q], *args)
        return rows.reshape(arr.shape[:k] + (first.size,) + arr.shape[k + 1 :])
    out = np.empty((v.shape[0], v.shape[2]), np.asarray(first).dtype)
    for i in range(v.shape[0]):
        for q in range(v.shape[2]):
            out[i, q] = func1d(v[i, :, q], *args)
    if arr.ndim == 1:
        return np.asarray(out[0, 0])
    return out.reshape(arr.shape[:k] + arr.shape[k + 1 :])
