# np.unique.
import numpy as np


def same(x, y):
    return x == y or (x != x and y != y)


def unique(
    ar: array,
    return_index: literal = False,
    return_inverse: literal = False,
    return_counts: literal = False,
    axis: literal = None,
):
    if axis is not None:
        reject(axis, "!np.unique() along an axis is not supported")
    flat = ar.ravel()
    n = flat.size
    if not return_index and not return_inverse:
        values = np.sort(flat)
        starts = np.empty(n + 1, np.int64)
        m = 0
        for i in range(n):
            if i == 0 or not same(values[i], values[i - 1]):
                values[m] = values[i]
                starts[m] = i
                m += 1
        starts[m] = n
        if return_counts:
            return values[:m].copy(), starts[1 : m + 1] - starts[:m]
        return values[:m].copy()
    order = np.argsort(flat)
    values = np.empty(n, flat.dtype)
    first = np.empty(n, np.int64)
    counts = np.zeros(n, np.int64)
    inverse = np.empty(n, np.int64)
    m = 0
    for i in range(n):
        x = flat[order[i]]
        if i == 0 or not same(x, values[m - 1]):
            values[m] = x
            first[m] = order[i]
            m += 1
        counts[m - 1] += 1
        inverse[order[i]] = m - 1
    out = (values[:m].copy(),)
    with_index = out + (first[:m].copy(),) if return_index else out
    with_inverse = with_index + (inverse.reshape(ar.shape),) if return_inverse else with_index
    return with_inverse + (counts[:m].copy(),) if return_counts else with_inverse
