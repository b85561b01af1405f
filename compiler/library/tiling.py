# np.tile, np.pad, np.meshgrid, np.tensordot, np.indices.
import numpy as np


def tile_axis(a, k: literal, times):
    n = a.shape[k]
    out = np.empty(a.shape[:k] + (n * max(times, 0),) + a.shape[k + 1 :], a.dtype)
    for i in range(times):
        along(out, k, i * n, (i + 1) * n)[...] = a
    return out


def tile_axes(a, reps, k: literal):
    made = tile_axis(a, k, reps[k])
    return made if k == a.ndim - 1 else tile_axes(made, reps, k + 1)


def tile(A: elements, reps):
    if not isinstance(reps, tuple):
        return tile(A, (reps,))
    if len(reps) < A.ndim:
        return tile_axes(A, (1,) * (A.ndim - len(reps)) + reps, 0)
    if len(reps) > A.ndim:
        return tile_axes(A.reshape((1,) * (len(reps) - A.ndim) + A.shape), reps, 0)
    return tile_axes(A, reps, 0)


def pad_axis(a, k: literal, before, after, mode: literal, values):
    if before < 0 or after < 0:
        raise ValueError("index can't contain negative values")
    n = a.shape[k]
    out = np.empty(a.shape[:k] + (before + n + after,) + a.shape[k + 1 :], a.dtype)
    along(out, k, before, before + n)[...] = a
    if mode == "constant":
        if isinstance(values, tuple):
            along(out, k, 0, before)[...] = values[0]
            along(out, k, before + n, None)[...] = values[1]
        else:
            along(out, k, 0, before)[...] = values
            along(out, k, before + n, None)[...] = values
        return out
    if n == 0 and before + after > 0:
        raise ValueError(f"can't extend empty axis {k} using modes other than 'constant' or 'empty'")
    for i in range(before + n + after):
        if i < before or i >= before + n:
            p = i - before
            if mode == "edge":
                p = min(max(p, 0), n - 1)
            elif mode == "wrap":
                p = p % n
            elif mode == "symmetric":
                p = p % (2 * n)
                p = p if p < n else 2 * n - 1 - p
            else:
                p = p % (2 * n - 2) if n > 1 else 0
                p = p if p < n else 2 * n - 2 - p
            along(out, k, i, i + 1)[...] = along(a, k, p, p + 1)
    return out


def pad_axes(a, width, k: literal, mode: literal, values):
    if isinstance(width, np.ndarray):
        made = pad_axis(a, k, width[k, 0], width[k, 1], mode, values) if width.ndim == 2 else pad_axis(a, k, width[0], width[-1], mode, values)
    elif isinstance(width, tuple):
        if isinstance(width[0], tuple):
            i = k if len(width) > 1 else 0
            made = pad_axis(a, k, width[i][0], width[i][1], mode, values)
        else:
            made = pad_axis(a, k, width[0], width[-1], mode, values)
    else:
        made = pad_axis(a, k, width, width, mode, values)
    return made if k == a.ndim - 1 else pad_axes(made, width, k + 1, mode, values)


def pad(array: array, pad_width, mode: literal = "constant", constant_values=0):
    if mode not in ("constant", "edge", "wrap", "symmetric", "reflect"):
        reject(mode, "!this mode of np.pad() is not supported: 'constant', 'edge', 'reflect', 'symmetric' and 'wrap' are")
    return pad_axes(array, pad_width, 0, mode, constant_values)


def spread(x, shape, k: literal):
    flat = np.asarray(x).ravel()
    out = np.empty(shape, flat.dtype)
    o = blocks(out, k)
    for i in range(o.shape[0]):
        for j in range(o.shape[1]):
            for q in range(o.shape[2]):
                o[i, j, q] = flat[j]
    return out


def meshgrid(*xi, indexing: literal = "xy", sparse: literal = False, copy: literal = True):
    if sparse:
        reject(sparse, "!sparse grids are not supported")
    if indexing not in ("xy", "ij"):
        reject(indexing, "!indexing must be 'xy' or 'ij'")
    if not copy:
        reject(copy, "!grids that are views are not supported")
    if len(xi) == 1:
        return (spread(xi[0], (np.size(xi[0]),), 0),)
    if len(xi) > 3:
        reject(indexing, "!np.meshgrid() of more than 3 arrays is not supported")
    n0 = np.size(xi[0])
    n1 = np.size(xi[1])
    if len(xi) == 2:
        if indexing == "ij":
            return spread(xi[0], (n0, n1), 0), spread(xi[1], (n0, n1), 1)
        return spread(xi[0], (n1, n0), 1), spread(xi[1], (n1, n0), 0)
    n2 = np.size(xi[2])
    if indexing == "ij":
        return spread(xi[0], (n0, n1, n2), 0), spread(xi[1], (n0, n1, n2), 1), spread(xi[2], (n0, n1, n2), 2)
    return spread(xi[0], (n1, n0, n2), 1), spread(xi[1], (n1, n0, n2), 0), spread(xi[2], (n1, n0, n2), 2)


def product(shape):
    n = 1
    for s in shape:
        n *= s
    return n


def contracted(a, b, n: literal):
    if a.shape[a.ndim - n :] != b.shape[:n]:
        raise ValueError("shape-mismatch for sum")
    left = a.shape[: a.ndim - n]
    k = product(b.shape[:n])
    x = np.ascontiguousarray(a).reshape(product(left), k)
    y = np.ascontiguousarray(b).reshape(k, product(b.shape[n:]))
    made = np.dot(x, y)
    if n == a.ndim and n == b.ndim:
        return np.asarray(made[0, 0])
    return made.reshape(left + b.shape[n:])


def tensordot(a: array, b: array, axes: literal = 2):
    if not isinstance(axes, tuple):
        if axes > a.ndim or axes > b.ndim:
            reject(axes, "!tuple index out of range")
        return contracted(a, b, axes)
    if not isinstance(axes[0], tuple):
        return contracted(np.moveaxis(a, axes[0], -1), np.moveaxis(b, axes[1], 0), 1)
    if len(axes[0]) == 1:
        return contracted(np.moveaxis(a, axes[0][0], -1), np.moveaxis(b, axes[1][0], 0), 1)
    if len(axes[0]) == 2:
        return contracted(np.moveaxis(a, axes[0], (-2, -1)), np.moveaxis(b, axes[1], (0, 1)), 2)
    if len(axes[0]) > 3:
        reject(axes, "!np.tensordot() over more than 3 axes is not supported")
    return contracted(np.moveaxis(a, axes[0], (-3, -2, -1)), np.moveaxis(b, axes[1], (0, 1, 2)), 3)


def fill_indices(out, k: literal):
    o = blocks(out[k], k)
    for i in range(o.shape[0]):
        for j in range(o.shape[1]):
            for q in range(o.shape[2]):
                o[i, j, q] = j
    if k + 1 < out.ndim - 1:
        fill_indices(out, k + 1)


def indices(dimensions, dtype: literal = np.int64):
    shape = dimensions if isinstance(dimensions, tuple) else (dimensions,)
    out = np.empty((len(shape),) + shape, dtype)
    fill_indices(out, 0)
    return out
