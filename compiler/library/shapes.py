# Functions about shapes: np.rot90, np.atleast_1d, np.tile, np.pad, np.kron ...
import numpy as np


def rot90(m: array, k: literal = 1, axes: literal = (0, 1)):
    first = axis_of(axes[0], m.ndim)
    second = axis_of(axes[1], m.ndim)
    turns = k % 4
    if turns == 0:
        return m
    if turns == 2:
        return np.flip(np.flip(m, first), second)
    if turns == 1:
        return np.swapaxes(np.flip(m, second), first, second)
    return np.flip(np.swapaxes(m, first, second), second)


def one_atleast_1d(a):
    x = np.asarray(a)
    return x.reshape(1) if x.ndim == 0 else x


def one_atleast_2d(a):
    x = np.asarray(a)
    if x.ndim == 0:
        return x.reshape(1, 1)
    return np.expand_dims(x, 0) if x.ndim == 1 else x


def one_atleast_3d(a):
    x = np.asarray(a)
    if x.ndim == 0:
        return x.reshape(1, 1, 1)
    if x.ndim == 1:
        return np.expand_dims(x, (0, 2))
    return np.expand_dims(x, 2) if x.ndim == 2 else x


def atleast_1d(*arys):
    return one_atleast_1d(arys[0]) if len(arys) == 1 else each(one_atleast_1d, arys, 0)


def atleast_2d(*arys):
    return one_atleast_2d(arys[0]) if len(arys) == 1 else each(one_atleast_2d, arys, 0)


def atleast_3d(*arys):
    return one_atleast_3d(arys[0]) if len(arys) == 1 else each(one_atleast_3d, arys, 0)


def each(f, arys, k: literal):
    if k == len(arys):
        return ()
    return (f(arys[k]),) + each(f, arys, k + 1)


def resize(a: elements, new_shape):
    out = np.zeros(new_shape, a.dtype)
    given = a.ravel()
    to = out.reshape(-1)
    if given.size > 0:
        for i in range(to.size):
            to[i] = given[i % given.size]
    return out


def frombuffer(buffer: array, dtype: literal = np.float64, count: integer = -1, offset: integer = 0):
    if not buffer.flags.c_contiguous:
        raise ValueError("ndarray is not C-contiguous")
    octets = buffer.reshape(-1).view(np.uint8)
    if offset < 0 or offset > octets.size:
        raise ValueError("offset must be non-negative and no greater than buffer length")
    size = np.dtype(dtype).itemsize
    if count < 0:
        if (octets.size - offset) % size != 0:
            raise ValueError("buffer size must be a multiple of element size")
        return octets[offset:].view(dtype)
    if offset + count * size > octets.size:
        raise ValueError("buffer is smaller than requested size")
    return octets[offset : offset + count * size].view(dtype)


def asarray_chkfinite(a, dtype: literal = None):
    made = np.asarray(a) if dtype is None else np.asarray(a, dtype)
    if made.dtype.kind in ("f", "c"):
        if not np.all(np.isfinite(made)):
            raise ValueError("array must not contain infs or NaNs")
    return made


def tri(N: integer, M=None, k: integer = 0, dtype: literal = np.float64):
    columns = N if M is None else M
    out = np.zeros((N, columns), dtype)
    for i in range(N):
        for j in range(min(max(i + k + 1, 0), columns)):
            out[i, j] = 1
    return out


def ptp(a: elements, axis: literal = None, out=None, keepdims: literal = False):
    made = np.subtract(np.max(a, axis=axis, keepdims=keepdims), np.min(a, axis=axis, keepdims=keepdims))
    if out is None:
        return made
    out[...] = made
    return out
