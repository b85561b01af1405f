# np.repeat.
import numpy as np


def repeat(a: elements, repeats, axis: literal = None):
    if axis is None:
        return repeat(a.ravel(), repeats, 0)
    if isinstance(repeats, tuple):
        return repeat(a, np.asarray(repeats), axis)
    k = axis_of(axis, a.ndim)
    n = a.shape[k]
    if isinstance(repeats, np.ndarray):
        if repeats.ndim != 1 or repeats.dtype.kind not in ("i", "u", "b"):
            reject(repeats, "an integer or an array of integers of 1 dimension")
        if repeats.size != n and repeats.size != 1:
            raise ValueError(f"operands could not be broadcast together with shape ({n},) ({repeats.size},)")
        total = 0
        for r in repeats:
            if r < 0:
                raise ValueError("repeats may not contain negative values.")
            total += r
        if repeats.size != n:
            total *= n
    else:
        if not isinstance(repeats, (int, np.integer, bool)):
            reject(repeats, "an integer or an array of integers of 1 dimension")
        if repeats < 0:
            raise ValueError("repeats may not contain negative values.")
        total = repeats * n
    out = np.empty(a.shape[:k] + (total,) + a.shape[k + 1 :], a.dtype)
    v = blocks(a, k)
    o = blocks(out, k)
    for i in range(v.shape[0]):
        at = 0
        for j in range(n):
            if isinstance(repeats, np.ndarray):
                times = np.int64(repeats[j if repeats.size == n else 0])
            else:
                times = np.int64(repeats)
            for r in range(times):
                for q in range(v.shape[2]):
                    o[i, at, q] = v[i, j, q]
                at += 1
    return out
