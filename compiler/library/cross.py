# np.cross: of vectors of 2 or 3 elements along the last axis.
import numpy as np


def cross(a: array, b: array):
    if a.shape[-1] != 3 or b.shape[-1] != 3:
        raise ValueError(f"np.cross takes vectors of 3 elements, not of {a.shape[-1]} and {b.shape[-1]}")
    if a.ndim == 1 and b.ndim == 1:
        out = np.empty(3, np.result_type(a, b))
        out[0] = a[1] * b[2] - a[2] * b[1]
        out[1] = a[2] * b[0] - a[0] * b[2]
        out[2] = a[0] * b[1] - a[1] * b[0]
        return out
    a0, a1, a2 = a[..., 0], a[..., 1], a[..., 2]
    b0, b1, b2 = b[..., 0], b[..., 1], b[..., 2]
    return np.stack((a1 * b2 - a2 * b1, a2 * b0 - a0 * b2, a0 * b1 - a1 * b0), axis=-1)
