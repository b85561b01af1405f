# np.gradient, np.trapezoid (np.trapz before NumPy 2), np.unwrap, np.ediff1d.
import numpy as np


def one_axis(f, h, k: literal, edge_order: literal):
    n = f.shape[k]
    if n < edge_order + 1:
        raise ValueError("Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.")
    out = np.empty(f.shape, f.dtype if f.dtype.kind in ("f", "c") else np.float64)
    v = blocks(f, k)
    o = blocks(out, k)
    if isinstance(h, np.ndarray):
        if h.size != n:
            raise ValueError("when 1d, distances must match the length of the corresponding dimension")
    for i in range(v.shape[0]):
        for j in range(1, n - 1):
            if isinstance(h, np.ndarray):
                d1 = h[j] - h[j - 1]
                d2 = h[j + 1] - h[j]
                a = -d2 / (d1 * (d1 + d2))
                b = (d2 - d1) / (d1 * d2)
                c = d1 / (d2 * (d1 + d2))
                for q in range(v.shape[2]):
                    o[i, j, q] = a * v[i, j - 1, q] + b * v[i, j, q] + c * v[i, j + 1, q]
            else:
                for q in range(v.shape[2]):
                    o[i, j, q] = (v[i, j + 1, q] - v[i, j - 1, q]) / (2.0 * h)
        for q in range(v.shape[2]):
            first = h[1] - h[0] if isinstance(h, np.ndarray) else h
            last = h[n - 1] - h[n - 2] if isinstance(h, np.ndarray) else h
            if edge_order == 1:
                o[i, 0, q] = (v[i, 1, q] - v[i, 0, q]) / first
                o[i, n - 1, q] = (v[i, n - 1, q] - v[i, n - 2, q]) / last
            else:
                second = h[2] - h[1] if isinstance(h, np.ndarray) else h
                before = h[n - 2] - h[n - 3] if isinstance(h, np.ndarray) else h
                if isinstance(h, np.ndarray):
                    a1 = -(2.0 * first + second) / (first * (first + second))
                    b1 = (first + second) / (first * second)
                    c1 = -first / (second * (first + second))
                    a2 = last / (before * (before + last))
                    b2 = -(last + before) / (before * last)
                    c2 = (2.0 * last + before) / (last * (before + last))
                else:
                    a1 = -1.5 / h
                    b1 = 2.0 / h
                    c1 = -0.5 / h
                    a2 = 0.5 / h
                    b2 = -2.0 / h
                    c2 = 1.5 / h
                o[i, 0, q] = a1 * v[i, 0, q] + b1 * v[i, 1, q] + c1 * v[i, 2, q]
                o[i, n - 1, q] = a2 * v[i, n - 3, q] + b2 * v[i, n - 2, q] + c2 * v[i, n - 1, q]
    return out


# A tuple of the gradients along axes k, k + 1, ...
def from_axis(f, spacings, k: literal, edge_order: literal):
    if len(spacings) == 0:
        one = (one_axis(f, 1.0, k, edge_order),)
    elif len(spacings) == 1:
        one = (one_axis(f, spacings[0], k, edge_order),)
    else:
        one = (one_axis(f, spacings[k], k, edge_order),)
    return one if k == f.ndim - 1 else one + from_axis(f, spacings, k + 1, edge_order)


def gradient(f: array, *varargs, axis: literal = None, edge_order: literal = 1):
    if edge_order > 2:
        reject(edge_order, "!'edge_order' greater than 2 not supported")
    if axis is not None:
        if isinstance(axis, tuple):
            reject(axis, "an integer or None")
        k = axis_of(axis, f.ndim)
        if len(varargs) == 0:
            return one_axis(f, 1.0, k, edge_order)
        return one_axis(f, varargs[0], k, edge_order)
    made = from_axis(f, varargs, 0, edge_order)
    return made[0] if f.ndim == 1 else made


def trapezoid(y: array, x=None, dx=1.0, axis: literal = -1):
    k = axis_of(axis, y.ndim)
    pairs = along(y, k, 1, None) + along(y, k, None, -1)
    if x is None:
        return np.sum(dx * pairs / 2.0, axis=k)
    places = np.asarray(x)
    if places.ndim == 1:
        d = np.diff(places)
        return np.sum(d.reshape((1,) * k + (d.size,) + (1,) * (y.ndim - k - 1)) * pairs / 2.0, axis=k)
    return np.sum(np.diff(places, 1, k) * pairs / 2.0, axis=k)


def trapz(y: array, x=None, dx=1.0, axis: literal = -1):
    return trapezoid(y, x, dx, axis)


def unwrap(p: array, discont=None, axis: literal = -1, period=6.283185307179586):
    k = axis_of(axis, p.ndim)
    t = p.dtype if p.dtype.kind == "f" else np.float64
    out = p.astype(t)
    v = blocks(p, k)
    o = blocks(out, k)
    half = period / 2
    limit = half if discont is None else max(discont, half)
    for i in range(v.shape[0]):
        for q in range(v.shape[2]):
            total = t(0)
            for j in range(1, v.shape[1]):
                d = t(v[i, j, q] - v[i, j - 1, q])
                r = (d + half) % period - half
                if r == -half and d > 0:
                    r = t(half)
                c = r - d
                if abs(d) < limit:
                    c = c * 0
                total += t(c)
                o[i, j, q] = v[i, j, q] + total
    return out


def ediff1d(ary: array, to_end=None, to_begin=None):
    flat = ary.ravel()
    d = flat[1:] - flat[:-1]
    front = d if to_begin is None else np.concatenate((np.atleast_1d(to_begin).astype(d.dtype), d))
    return front if to_end is None else np.concatenate((front, np.atleast_1d(to_end).astype(d.dtype)))
