# np.copyto, and names of NumPy's that stand for others: np.rollaxis, np.permute_dims, np.matrix_transpose, np.concat, np.row_stack.
import numpy as np


def copyto(dst, src, casting: literal = "same_kind", where=True):
    if not isinstance(dst, np.ndarray):
        reject(dst, "an array")
    if casting not in ("same_kind", "unsafe"):
        reject(casting, "!np.copyto() takes casting='same_kind' and 'unsafe'")
    given = np.asarray(src)
    if casting == "same_kind":
        kind = given.dtype.kind
        to = dst.dtype.kind
        if (
            (kind == "c" and to != "c")
            or (kind == "f" and to in ("b", "u", "i"))
            or (kind == "i" and (to == "b" or (to == "u" and given.ndim > 0)))
            or (kind == "u" and to == "b")
        ):
            reject(src, "!np.copyto() cannot cast these elements with casting='same_kind'; casting='unsafe' does")
    if isinstance(where, np.ndarray):
        if where.dtype != np.bool_:
            reject(where, "booleans")
        new = np.broadcast_to(given, dst.shape).astype(dst.dtype)
        dst[...] = np.where(np.broadcast_to(where, dst.shape), new, dst)
    elif where:
        dst[...] = given.astype(dst.dtype)


def rollaxis(a: array, axis: literal, start: literal = 0):
    k = axis_of(axis, a.ndim)
    to = start + a.ndim if start < 0 else start
    if to < 0 or to > a.ndim:
        reject(start, "!'start' of np.rollaxis() is out of bounds for the array's dimensions")
    return np.moveaxis(a, k, to - 1 if k < to else to)


def permute_dims(a: array, axes: literal = None):
    if axes is None:
        return np.transpose(a)
    return np.transpose(a, axes)


def matrix_transpose(x: array):
    if x.ndim < 2:
        reject(x, "!Input array must be at least 2-dimensional")
    return np.swapaxes(x, -1, -2)


def concat(arrays, axis: literal = 0):
    return np.concatenate(arrays, axis)


def row_stack(tup):
    return np.vstack(tup)


def vecdot(x1: array, x2: array):
    if x1.shape[-1] != x2.shape[-1]:
        raise ValueError(f"vecdot: the last axes have {x1.shape[-1]} and {x2.shape[-1]} elements")
    t = np.result_type(x1, x2)
    return np.sum(np.conj(x1) * x2, axis=-1, dtype=t)
