# np.roll.
import numpy as np


def roll(a: array, shift, axis: literal = None):
    if axis is None:
        return roll_axis(a.ravel(), shift, 0).reshape(a.shape)
    if isinstance(axis, tuple):
        if len(axis) == 0:
            return a.copy()
        if isinstance(shift, tuple):
            first = roll(a, shift[0], axis[0])
            return first if len(axis) == 1 else roll(first, shift[1:], axis[1:])
        first = roll(a, shift, axis[0])
        return first if len(axis) == 1 else roll(first, shift, axis[1:])
    return roll_axis(a, shift, axis)


def roll_axis(a, shift: integer, axis: literal):
    k = axis_of(axis, a.ndim)
    out = np.empty(a.shape, a.dtype)
    n = a.shape[k]
    if n == 0:
        return out
    s = shift % n
    along(out, k, s, None)[...] = along(a, k, None, n - s)
    along(out, k, None, s)[...] = along(a, k, n - s, None)
    return out
