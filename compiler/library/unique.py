# np.unique.
import numpy as np


def same(x, y):
    return x == y or (x != x and y != y)


# Of the numbers with nan the one that stands first in the array is kept, where only the values are asked for.
def keep_first_nan(flat, values, m):
    for x in flat:
        if x != x:
            values[m - 1] = x
            return


def unique(
    ar: elements,
    return_index: literal = False,
    return_inverse: literal = False,
    return_counts: literal = False,
    axis: literal = None,
):
    if axis is not None:
        return unique_parts(ar, return_index, return_inverse, return_counts, axis_of(axis, ar.ndim))
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
        if not return_counts and flat.dtype.kind == "c":
            keep_first_nan(flat, values, m)
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


# Parts along an axis as rows in their order, from the last column to the first: each sort keeps the order of equals.
def order_of_rows(rows):
    order = np.arange(rows.shape[0])
    for c in range(rows.shape[1]):
        column = rows[:, rows.shape[1] - 1 - c]
        order = order[np.argsort(column[order], kind="stable")]
    return order


def same_rows(rows, i, j):
    for c in range(rows.shape[1]):
        if rows[i, c] != rows[j, c]:
            return False
    return True


def unique_parts(ar, return_index: literal, return_inverse: literal, return_counts: literal, k: literal):
    front = np.ascontiguousarray(np.moveaxis(ar, k, 0))
    width = 1
    for n in front.shape[1:]:
        width *= n
    rows = front.reshape(front.shape[0], width)
    order = order_of_rows(rows)
    n = order.size
    first = np.empty(n, np.int64)
    counts = np.zeros(n, np.int64)
    inverse = np.empty(n, np.int64)
    m = 0
    for i in range(n):
        if i == 0 or not same_rows(rows, order[i], order[i - 1]):
            first[m] = order[i]
            m += 1
        counts[m - 1] += 1
        inverse[order[i]] = m - 1
    out = (np.moveaxis(front[first[:m]], 0, k),)
    with_index = out + (first[:m].copy(),) if return_index else out
    with_inverse = with_index + (inverse,) if return_inverse else with_index
    made = with_inverse + (counts[:m].copy(),) if return_counts else with_inverse
    return made if return_index or return_inverse or return_counts else made[0]
