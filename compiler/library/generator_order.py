# Generators of np.random.default_rng: orders and choices, bit for bit with NumPy's. Numbers come from generator.py.
import numpy as np


def exchange(x, i, j):
    if x.ndim == 1:
        kept = x[i]
        x[i] = x[j]
        x[j] = kept
    else:
        row = x[i].copy()
        x[i] = x[j]
        x[j] = row


# An integer in [0, most]: bits below the next power of two, drawn again where they are too many.
def masked(s, most):
    mask = most
    for shift in (1, 2, 4, 8, 16, 32):
        mask = mask | (mask >> shift)
    value = most + 1
    while value > most:
        value = (next32(s) if most <= 0xFFFFFFFF else next64(s)) & mask
    return value


def shuffle_all(s, x):
    for k in range(x.shape[0] - 1):
        i = x.shape[0] - 1 - k
        j = np.int64(masked(s, np.uint64(i)))
        if i != j:
            exchange(x, i, j)


# The numbers from `first` on find their places.
def shuffle_from(s, x, first):
    for k in range(x.shape[0] - first):
        i = x.shape[0] - 1 - k
        j = np.int64(bounded(s, np.uint64(i)))
        if i != j:
            exchange(x, i, j)


def shuffle(self, x: array, axis: literal = 0):
    shuffle_all(state_of(self), np.moveaxis(x, axis, 0))


def permutation(self, x, axis: literal = 0):
    s = state_of(self)
    if isinstance(x, np.ndarray):
        if x.ndim == 1:
            out = x.copy()
            shuffle_all(s, out)
            return out
        order = np.arange(x.shape[axis_of(axis, x.ndim)])
        shuffle_all(s, order)
        return np.take(x, order, axis)
    return permuted(s, x)


def permuted(s, n: integer):
    out = np.arange(n)
    shuffle_all(s, out)
    return out


def choice(self, a, size=None, replace: literal = True, p=None, axis: literal = 0, shuffle: literal = True):
    s = state_of(self)
    if isinstance(a, np.ndarray):
        if size is None:
            k = chosen(s, a.shape[axis_of(axis, a.ndim)], 1, replace, p, shuffle)[0]
            return a[k] if a.ndim == 1 else np.take(a, k, axis)
        return np.take(a, chosen(s, a.shape[axis_of(axis, a.ndim)], size, replace, p, shuffle), axis)
    if size is None:
        return chosen(s, population(a), 1, replace, p, shuffle)[0]
    return chosen(s, population(a), size, replace, p, shuffle)


def population(a: integer):
    return np.int64(a)


def chosen(s, count, size, replace: literal, p, shuffled: literal):
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    if count <= 0 and flat.size > 0:
        raise ValueError("a must be a positive integer unless no samples are taken")
    if p is not None:
        if not replace:
            reject(p, "!choice() without replacement with probabilities is not supported")
        sums = probabilities(p, count)
        for i in range(flat.size):
            flat[i] = np.searchsorted(sums, next_double(s), side="right")
        return out
    if replace:
        for i in range(flat.size):
            flat[i] = np.int64(bounded(s, np.uint64(count - 1)))
        return out
    if flat.size > count:
        raise ValueError("Cannot take a larger sample than population when replace is False")
    distinct(s, flat, count, shuffled)
    return out


def probabilities(p: array, count):
    if p.ndim != 1:
        reject(p, "an array of 1 dimension")
    if p.size != count:
        raise ValueError("a and p must have same size")
    if not np.all(p >= 0):
        raise ValueError("Probabilities are not non-negative")
    if not abs(np.sum(p.astype(np.float64)) - 1.0) <= 1.4901161193847656e-08:
        raise ValueError("Probabilities do not sum to 1.")
    sums = np.cumsum(p.astype(np.float64))
    return sums / sums[-1]


# Of few numbers out of many Floyd's set, else the tail of a shuffle.
def distinct(s, flat, count, shuffled: literal):
    n = flat.size
    if count > 10000 and n > count // (50 if shuffled else 20):
        order = np.arange(count)
        shuffle_from(s, order, max(count - n, 1))
        flat[:] = order[count - n :]
        return
    taken = np.int64(1)
    while taken <= np.int64(1.2 * n):
        taken *= 2
    seen = np.full(taken, -1, np.int64)
    for j in range(count - n, count):
        value = np.int64(bounded(s, np.uint64(j)))
        place = value & (taken - 1)
        while seen[place] != -1 and seen[place] != value:
            place = (place + 1) & (taken - 1)
        if seen[place] != -1:
            value = j
            place = j & (taken - 1)
            while seen[place] != -1:
                place = (place + 1) & (taken - 1)
        seen[place] = value
        flat[j - count + n] = value
    if shuffled:
        shuffle_from(s, flat, 1)
