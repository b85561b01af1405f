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


def atleast_1d(a):
    x = np.asarray(a)
    return x.reshape(1) if x.ndim == 0 else x


def atleast_2d(a):
    x = np.asarray(a)
    if x.ndim == 0:
        return x.reshape(1, 1)
    return np.expand_dims(x, 0) if x.ndim == 1 else x


def atleast_3d(a):
    x = np.asarray(a)
    if x.ndim == 0:
        return x.reshape(1, 1, 1)
    if x.ndim == 1:
        return np.expand_dims(x, (0, 2))
    return np.expand_dims(x, 2) if x.ndim == 2 else x


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
