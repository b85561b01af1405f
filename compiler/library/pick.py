# Functions that pick, put and drop elements.
import numpy as np


def wrapped(i, n):
    if i < -n or i >= n:
        raise IndexError(f"index {i} is out of bounds for axis 0 with size {n}")
    return i + n if i < 0 else i


def put(a, ind, v, mode: literal = "raise"):
    if not isinstance(a, np.ndarray):
        reject(a, "an array")
    if mode not in ("raise", "wrap", "clip"):
        reject(mode, "!clipmode must be one of 'clip', 'raise', or 'wrap'")
    places = np.asarray(ind).ravel()
    values = np.asarray(v).ravel()
    n = a.size
    if places.size > 0 and n == 0:
        raise IndexError("cannot replace elements of an empty array")
    if values.size == 0:
        return
    for j in range(places.size):
        p = np.int64(places[j])
        if mode == "wrap":
            p = p % n
        elif mode == "clip":
            p = min(max(p, 0), n - 1)
        else:
            p = wrapped(p, n)
        a.flat[p] = values[j % values.size]


def fill_diagonal(a, val, wrap: literal = False):
    if not isinstance(a, np.ndarray):
        reject(a, "an array")
    if a.ndim != 2:
        reject(a, "an array of 2 dimensions")
    if wrap:
        reject(wrap, "!wrap of np.fill_diagonal() is not supported")
    values = np.asarray(val).ravel()
    if values.size == 0:
        return
    for i in range(min(a.shape[0], a.shape[1])):
        a[i, i] = values[i % values.size]


def extract(condition: array, arr: array):
    return np.take(arr.ravel(), np.nonzero(condition.ravel())[0])


def compress(condition: array, a: array, axis: literal = None):
    if condition.ndim != 1:
        reject(condition, "!condition must be a 1-d array")
    places = np.nonzero(condition)[0]
    if axis is None:
        return np.take(a.ravel(), places)
    return np.take(a, places, axis=axis)


def place(arr, mask: array, vals: array):
    flat = mask.ravel()
    if flat.size != arr.size:
        raise ValueError("place: mask and data must be the same size")
    if vals.size == 0 and np.any(flat):
        raise ValueError("Cannot insert from an empty array!")
    n = 0
    for i in range(flat.size):
        if flat[i]:
            arr.flat[i] = vals[n % vals.size]
            n += 1


def putmask(a, mask: array, values):
    given = np.asarray(values).ravel()
    flat = mask.ravel()
    if flat.size != a.size:
        raise ValueError("putmask: mask and data must be the same size")
    if given.size == 0:
        return
    for i in range(flat.size):
        if flat[i]:
            a.flat[i] = given[i % given.size]


def select(condlist, choicelist, default=0):
    if not isinstance(condlist, tuple):
        reject(condlist, "a tuple or list of arrays")
    if len(condlist) != len(choicelist):
        reject(choicelist, "!list of cases must be same length as list of conditions")
    if len(condlist) == 1:
        return np.where(condlist[0], choicelist[0], default)
    return np.where(condlist[0], choicelist[0], select(condlist[1:], choicelist[1:], default))


def append(arr: array, values, axis: literal = None):
    more = np.asarray(values)
    if axis is None:
        return np.concatenate((arr.ravel(), more.ravel()))
    return np.concatenate((arr, more), axis)


def kept(arr, k: literal, drop):
    n = arr.shape[k]
    keep = np.ones(n, np.bool_)
    for p in drop:
        i = np.int64(p)
        if i < -n or i >= n:
            raise IndexError(f"index {i} is out of bounds for axis {k} with size {n}")
        keep[i if i >= 0 else i + n] = False
    return np.take(arr, np.nonzero(keep)[0], axis=k)


def not_masked(arr, k: literal, mask):
    n = arr.shape[k]
    if mask.ndim != 1 or mask.size != n:
        raise ValueError(f"boolean array argument obj to delete must be one dimensional and match the axis length of {n}")
    return np.take(arr, np.nonzero(~mask.ravel())[0], axis=k)


def without(arr, k: literal, obj):
    if obj.dtype == np.bool_:
        return not_masked(arr, k, obj)
    return kept(arr, k, obj.ravel())


def delete(arr: array, obj, axis: literal = None):
    if axis is None:
        return without(arr.ravel(), 0, np.asarray(obj))
    return without(arr, axis_of(axis, arr.ndim), np.asarray(obj))


def insert(arr: array, obj: integer, values, axis: literal = None):
    if axis is None:
        return insert(arr.ravel(), obj, values, 0)
    k = axis_of(axis, arr.ndim)
    n = arr.shape[k]
    if obj < -n or obj > n:
        raise IndexError(f"index {obj} is out of bounds for axis {k} with size {n}")
    at = obj + n if obj < 0 else obj
    more = np.asarray(values)
    count = more.size if arr.ndim == 1 else 1
    out = np.empty(arr.shape[:k] + (n + count,) + arr.shape[k + 1 :], arr.dtype)
    along(out, k, None, at)[...] = along(arr, k, None, at)
    along(out, k, at + count, None)[...] = along(arr, k, at, None)
    along(out, k, at, at + count)[...] = more.astype(arr.dtype)
    return out


def take_along_axis(arr: array, indices: array, axis: literal = -1):
    if arr.ndim != indices.ndim:
        reject(indices, "!`indices` and `arr` must have the same number of dimensions")
    k = axis_of(axis, arr.ndim)
    out = np.empty(indices.shape, arr.dtype)
    v = blocks(arr, k)
    p = blocks(indices, k)
    o = blocks(out, k)
    if v.shape[0] != p.shape[0] or v.shape[2] != p.shape[2]:
        raise IndexError("shape mismatch: indexing arrays could not be broadcast together")
    for i in range(p.shape[0]):
        for j in range(p.shape[1]):
            for q in range(p.shape[2]):
                o[i, j, q] = v[i, wrapped(np.int64(p[i, j, q]), v.shape[1]), q]
    return out


def trim_zeros(filt: array, trim: literal = "fb"):
    first = 0
    last = filt.size
    if trim in ("fb", "f", "bf"):
        while first < last and filt[first] == 0:
            first += 1
    if trim in ("fb", "b", "bf"):
        while last > first and filt[last - 1] == 0:
            last -= 1
    return filt[first:last]
