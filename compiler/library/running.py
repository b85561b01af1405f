# np.cumsum, np.cumprod and their like: running sums and products.
import numpy as np


# Sums of bools and integers are 64 bits wide.
def sum_type(a, dtype: literal):
    if dtype is not None:
        return dtype
    if a.dtype.kind in ("b", "i"):
        return np.int64
    if a.dtype.kind == "u":
        return np.uint64
    return a.dtype


def running(a, axis: literal, t: literal, product: literal):
    k = axis_of(axis, a.ndim)
    out = np.empty(a.shape, t)
    v = blocks(a, k)
    o = blocks(out, k)
    if v.shape[1] == 0:
        return out
    if k == a.ndim - 1:
        for i in range(v.shape[0]):
            s = t(v[i, 0, 0])
            o[i, 0, 0] = s
            for j in range(1, v.shape[1]):
                if product:
                    s = s * t(v[i, j, 0])
                else:
                    s = s + t(v[i, j, 0])
                o[i, j, 0] = s
        return out
    for i in range(v.shape[0]):
        for q in range(v.shape[2]):
            o[i, 0, q] = t(v[i, 0, q])
        for j in range(1, v.shape[1]):
            for q in range(v.shape[2]):
                if product:
                    o[i, j, q] = o[i, j - 1, q] * t(v[i, j, q])
                else:
                    o[i, j, q] = o[i, j - 1, q] + t(v[i, j, q])
    return out


def along_axis(a, axis: literal, t: literal, product: literal, out):
    if axis is None:
        made = running(a.ravel(), 0, t, product)
    else:
        made = running(a, axis, t, product)
    if out is None:
        return made
    out[...] = made
    return out


def cumsum(a: elements, axis: literal = None, dtype: literal = None, out=None):
    return along_axis(a, axis, sum_type(a, dtype), False, out)


def cumprod(a: elements, axis: literal = None, dtype: literal = None, out=None):
    return along_axis(a, axis, sum_type(a, dtype), True, out)


# With the value of nothing in front.
def led(made, axis: literal, first: literal, t: literal):
    shape = made.shape[:axis] + (made.shape[axis] + 1,) + made.shape[axis + 1 :]
    out = np.full(shape, first, t)
    along(out, axis, 1)[...] = made
    return out


def cumulative(x, axis: literal, dtype: literal, out, include_initial: literal, product: literal):
    if axis is None and x.ndim > 1:
        reject(axis, "!For arrays which have more than one dimension ``axis`` argument is required.")
    k = 0 if axis is None else axis_of(axis, x.ndim)
    t = sum_type(x, dtype)
    if not include_initial:
        return along_axis(x, k, t, product, out)
    made = led(running(x, k, t, product), k, 1 if product else 0, t)
    if out is None:
        return made
    out[...] = made
    return out


def cumulative_sum(x: elements, axis: literal = None, dtype: literal = None, out=None, include_initial: literal = False):
    return cumulative(x, axis, dtype, out, include_initial, False)


def cumulative_prod(x: elements, axis: literal = None, dtype: literal = None, out=None, include_initial: literal = False):
    return cumulative(x, axis, dtype, out, include_initial, True)


def nancumsum(a: elements, axis: literal = None, dtype: literal = None, out=None):
    return along_axis(filled(a, 0), axis, sum_type(a, dtype), False, out)


def nancumprod(a: elements, axis: literal = None, dtype: literal = None, out=None):
    return along_axis(filled(a, 1), axis, sum_type(a, dtype), True, out)


def filled(a, value):
    if a.dtype.kind in ("f", "c"):
        return np.where(np.isnan(a), value, a)
    return a
