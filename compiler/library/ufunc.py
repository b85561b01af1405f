# Methods of functions of two numbers: np.add.reduce, np.maximum.accumulate, np.add.reduceat, np.add.at, and of those
# with @vectorize, whose name is "vectorized", with their identity, or "vectorized reorderable".
import numpy as np


# The type in which the function goes on with what it gave.
def loop_type(f: literal, a, dtype: literal):
    name = f.__name__
    if name in ("logical_and", "logical_or", "logical_xor"):
        return np.bool_
    if dtype is not None:
        return dtype
    if name in ("add", "multiply"):
        return wide(a.dtype)
    return closed(f, a.dtype)


# Sums of bools and integers are 64 bits wide.
def wide(t: literal):
    if t.kind in ("b", "i"):
        return np.int64
    return np.uint64 if t.kind == "u" else t


def closed(f: literal, t: literal):
    given = f(t.type(1), t.type(1)).dtype
    if given.kind == t.kind and given.itemsize == t.itemsize:
        return given
    again = f(given.type(1), given.type(1)).dtype
    if given.kind != "b" and again.kind == given.kind and again.itemsize == given.itemsize:
        return given
    reject(f, "!the function gives another type than it takes, and cannot go on with it")


def has_identity(f: literal):
    return f.__name__ in (
        "add", "multiply", "logical_and", "logical_or", "logical_xor", "bitwise_and", "bitwise_or", "bitwise_xor", "gcd", "hypot", "logaddexp",
        "logaddexp2", "vectorized 0", "vectorized 1",
    )


def identity(f: literal, t: literal):
    name = f.__name__
    if name in ("logaddexp", "logaddexp2"):
        return t(-np.inf)
    if name == "bitwise_and":
        return ~t(0)
    return t(1) if name in ("multiply", "logical_and", "vectorized 1") else t(0)


# Whether the order of elements does not matter, so that several axes may be taken together.
def reorderable(f: literal):
    return f.__name__ not in (
        "subtract", "divide", "true_divide", "floor_divide", "mod", "remainder", "fmod", "power", "pow", "float_power", "arctan2", "atan2",
        "copysign", "nextafter", "heaviside", "left_shift", "right_shift", "bitwise_left_shift", "bitwise_right_shift", "ldexp", "vectorized",
    )


def begin(out, v, f: literal, t: literal, initial):
    if initial is not None:
        out[...] = t(initial)
        return 0
    if v.shape[1] == 0:
        if has_identity(f):
            out[...] = identity(f, t)
        else:
            raise ValueError("zero-size array to reduction operation which has no identity")
        return 0
    for i in range(v.shape[0]):
        for q in range(v.shape[2]):
            out[i, q] = t(v[i, 0, q])
    return 1


def fold(f: literal, a, axis: literal, t: literal, keepdims: literal, initial):
    k = axis_of(axis, a.ndim)
    v = blocks(a, k)
    out = np.empty((v.shape[0], v.shape[2]), t)
    first = begin(out, v, f, t, initial)
    for i in range(v.shape[0]):
        for j in range(first, v.shape[1]):
            for q in range(v.shape[2]):
                out[i, q] = f(out[i, q], t(v[i, j, q]))
    if keepdims:
        return out.reshape(a.shape[:k] + (1,) + a.shape[k + 1 :])
    if a.ndim == 1:
        return out[0, 0]
    return out.reshape(a.shape[:k] + a.shape[k + 1 :])


def fold_axes(f: literal, a, axis: literal, t: literal, initial):
    first = fold(f, a, axis[0], t, True, initial)
    return first if len(axis) == 1 else fold_axes(f, first, axis[1:], t, None)


def without(a, axis: literal):
    return np.squeeze(a, axis)


def folded(f: literal, a, axis: literal, t: literal, keepdims: literal, initial):
    if axis is None:
        if a.ndim > 1 and not reorderable(f):
            reject(axis, "!the order of the elements matters to this function: at most one axis may be given")
        made = fold(f, a.ravel(), 0, t, keepdims, initial)
        return made.reshape((1,) * a.ndim) if keepdims else made
    if isinstance(axis, tuple):
        if len(axis) > 1 and not reorderable(f):
            reject(axis, "!the order of the elements matters to this function: at most one axis may be given")
        if len(axis) == 0:
            return a.astype(t)
        made = fold_axes(f, a, axis, t, initial)
        if keepdims:
            return made
        return made.ravel()[0] if len(axis) == a.ndim else np.squeeze(made, axis)
    return fold(f, a, axis, t, keepdims, initial)


def reduced(f: literal, a, axis: literal, dtype: literal, keepdims: literal, initial):
    name = f.__name__
    if initial is None and a.dtype.kind != "c" or name in ("add", "multiply"):
        if name == "add" and initial is None:
            return np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims)
        if name == "multiply" and initial is None:
            return np.prod(a, axis=axis, dtype=dtype, keepdims=keepdims)
        if name == "maximum" and dtype is None:
            return np.max(a, axis=axis, keepdims=keepdims)
        if name == "minimum" and dtype is None:
            return np.min(a, axis=axis, keepdims=keepdims)
    return folded(f, a, axis, loop_type(f, a, dtype), keepdims, initial)


# The elements along an axis for which `where` is true, after the beginning.
def fold_where(f: literal, a, axis: literal, t: literal, keepdims: literal, start, where):
    k = axis_of(axis, a.ndim)
    v = blocks(a, k)
    m = blocks(where, k)
    out = np.full((v.shape[0], v.shape[2]), start, t)
    for i in range(v.shape[0]):
        for j in range(v.shape[1]):
            for q in range(v.shape[2]):
                if m[i, j, q]:
                    out[i, q] = f(out[i, q], t(v[i, j, q]))
    if keepdims:
        return out.reshape(a.shape[:k] + (1,) + a.shape[k + 1 :])
    if a.ndim == 1:
        return out[0, 0]
    return out.reshape(a.shape[:k] + a.shape[k + 1 :])


def mask_of(where, shape):
    if where.dtype.kind != "b":
        reject(where, "a bool or an array of bools")
    return np.broadcast_to(where, shape).copy()


def chosen(f: literal, a, axis: literal, t: literal, keepdims: literal, initial, where):
    if initial is None and not has_identity(f):
        reject(where, "!the function has no identity, so to use 'where' one has to give 'initial'")
    mask = np.full(a.shape, where) if isinstance(where, bool) else mask_of(where, a.shape)
    start = identity(f, t) if initial is None else t(initial)
    if axis is None:
        if a.ndim > 1 and not reorderable(f):
            reject(axis, "!the order of the elements matters to this function: at most one axis may be given")
        made = fold_where(f, a.ravel(), 0, t, keepdims, start, mask.ravel())
        return made.reshape((1,) * a.ndim) if keepdims else made
    if isinstance(axis, tuple):
        reject(axis, "!'where' goes with one axis, or with all: axis=None")
    return fold_where(f, a, axis, t, keepdims, start, mask)


def reduce(
    self: literal, array: elements, axis: literal = 0, dtype: literal = None, out=None, keepdims: literal = False, initial=None, where=None
):
    if where is None:
        made = reduced(self, array, axis, dtype, keepdims, initial)
    else:
        made = chosen(self, array, axis, loop_type(self, array, dtype), keepdims, initial, where)
    if out is None:
        return made
    out[...] = made
    return out


def accumulate(self: literal, array: array, axis: literal = 0, dtype: literal = None, out=None):
    made = running(self, array, axis_of(axis, array.ndim), loop_type(self, array, dtype))
    if out is None:
        return made
    out[...] = made
    return out


def running(f: literal, a, k: literal, t: literal):
    out = np.empty(a.shape, t)
    v = blocks(a, k)
    o = blocks(out, k)
    if v.shape[1] == 0:
        return out
    for i in range(v.shape[0]):
        for q in range(v.shape[2]):
            o[i, 0, q] = t(v[i, 0, q])
        for j in range(1, v.shape[1]):
            for q in range(v.shape[2]):
                o[i, j, q] = f(o[i, j - 1, q], t(v[i, j, q]))
    return out


def reduceat(self: literal, array: array, indices: array, axis: literal = 0, dtype: literal = None, out=None):
    made = parts(self, array, indices, axis_of(axis, array.ndim), loop_type(self, array, dtype))
    if out is None:
        return made
    out[...] = made
    return out


def parts(f: literal, a, indices, k: literal, t: literal):
    if indices.ndim != 1 or indices.dtype.kind not in ("i", "u"):
        reject(indices, "an array of 1 dimension of integers")
    m = indices.size
    n = a.shape[k]
    out = np.empty(a.shape[:k] + (m,) + a.shape[k + 1 :], t)
    v = blocks(a, k)
    o = blocks(out, k)
    for r in range(m):
        if indices[r] < 0 or indices[r] >= n:
            raise IndexError(f"index {indices[r]} out-of-bounds in reduceat [0, {n})")
    for r in range(m):
        start = np.int64(indices[r])
        stop = np.int64(indices[r + 1]) if r + 1 < m else n
        for i in range(v.shape[0]):
            for q in range(v.shape[2]):
                o[i, r, q] = t(v[i, start, q])
            for j in range(start + 1, stop):
                for q in range(v.shape[2]):
                    o[i, r, q] = f(o[i, r, q], t(v[i, j, q]))
    return out


# Indices of an axis of n elements, counted from the first one.
def counted(indices, n, axis: literal):
    out = np.empty(indices.shape, np.int64)
    flat = out.reshape(-1)
    given = indices.ravel()
    for r in range(flat.size):
        i = np.int64(given[r])
        if i < -n or i >= n:
            raise IndexError(f"index {i} is out of bounds for axis {axis} with size {n}")
        flat[r] = i + n if i < 0 else i
    return out


# Row-major numbers of places, given by indices of the first axes.
def rows_of(indices, shape, axis: literal):
    made = counted(np.asarray(indices[0]), shape[0], axis)
    if len(indices) == 1:
        return made
    return numbered(made, indices[1:], shape[1:], axis + 1)


def numbered(rows, indices, shape, axis: literal):
    made = rows * shape[0] + counted(np.asarray(indices[0]), shape[0], axis)
    if len(indices) == 1:
        return made
    return numbered(made, indices[1:], shape[1:], axis + 1)


def place(row, shape):
    if len(shape) == 1:
        return (row,)
    return place(row // shape[-1], shape[:-1]) + (row % shape[-1],)


def rank_of(kind: literal):
    return 0 if kind == "b" else 1 if kind in ("i", "u") else 2 if kind == "f" else 3


def apply_one(f: literal, a, rows, n: literal):
    for row in rows.ravel():
        p = place(row, a.shape[:n])
        if n == a.ndim:
            a[p] = a.dtype.type(f(a[p]))
        else:
            a[p][...] = f(a[p])


def check_fits(f: literal, a, value):
    given = f(a.dtype.type(1), value).dtype
    if rank_of(given.kind) > rank_of(a.dtype.kind):
        reject(a, "!the function's result is of a kind that does not go into the array")


def apply_number(f: literal, a, rows, n: literal, b):
    if n == a.ndim:
        for row in rows.ravel():
            p = place(row, a.shape)
            a[p] = a.dtype.type(f(a[p], b))
    else:
        for row in rows.ravel():
            p = place(row, a.shape[:n])
            a[p][...] = f(a[p], b)


def apply_array(f: literal, a, rows, n: literal, b):
    values = np.broadcast_to(b, rows.shape + a.shape[n:]).copy().reshape((rows.size,) + a.shape[n:])
    flat = rows.ravel()
    for r in range(flat.size):
        p = place(flat[r], a.shape[:n])
        if n == a.ndim:
            a[p] = a.dtype.type(f(a[p], values[r]))
        else:
            a[p][...] = f(a[p], values[r])


def at(self: literal, a: array, indices, b=None):
    if isinstance(indices, tuple):
        if len(indices) > a.ndim:
            reject(indices, "!too many indices for the array")
        apply(self, a, rows_of(indices, a.shape, 0), len(indices), b)
    elif isinstance(indices, np.ndarray):
        if indices.dtype.kind == "b":
            if indices.shape != a.shape[: indices.ndim]:
                raise IndexError("boolean index did not match indexed array")
            at(self, a, np.nonzero(indices), b)
        elif indices.dtype.kind in ("i", "u"):
            apply(self, a, counted(indices, a.shape[0], 0), 1, b)
        else:
            reject(indices, "integers, arrays of integers or bools, or a tuple of them")
    elif isinstance(indices, int):
        apply(self, a, counted(np.asarray(indices), a.shape[0], 0), 1, b)
    else:
        reject(indices, "integers, arrays of integers or bools, or a tuple of them")


def apply(f: literal, a, rows, n: literal, b):
    if b is None:
        apply_one(f, a, rows, n)
    elif isinstance(b, np.ndarray):
        check_fits(f, a, b.dtype.type(1))
        apply_array(f, a, rows, n, b)
    elif isinstance(b, tuple):
        apply_array(f, a, rows, n, np.asarray(b))
    else:
        check_fits(f, a, b)
        apply_number(f, a, rows, n, b)
