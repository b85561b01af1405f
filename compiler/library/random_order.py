# np.random: integers in a range, shuffles and choices, in NumPy's order.
import numpy as np


@extern("float64(float64, float64)", symbol="kjit_random_draw_uniform", context=True)
def draw_uniform(low, width):
    pass


@extern("int64()", symbol="kjit_random_draw_bits", context=True)
def draw_bits():
    pass


@extern("uint64(uint64)", symbol="kjit_random_draw_interval", context=True)
def draw_interval(largest):
    pass


def randint(low: integer, high=None, size=None, dtype: literal = None):
    if high is None:
        return between(np.int64(0), np.int64(low), size, dtype)
    return between(np.int64(low), np.int64(high), size, dtype)


def between(low, high, size, dtype: literal):
    if low >= high:
        raise ValueError("low >= high")
    width = np.uint64(high - low - 1)
    if dtype is None:
        if size is None:
            return int(low + np.int64(draw_interval(width)))
        out = np.empty(size, np.int64)
        wide(out.reshape(-1), low, width)
        return out
    if size is None:
        one = np.empty(1, dtype)
        integers(one, low, high, width)
        return one[0]
    many = np.empty(size, dtype)
    integers(many.reshape(-1), low, high, width)
    return many


def wide(flat, low, width):
    for i in range(flat.size):
        flat[i] = low + np.int64(draw_interval(width))


def integers(flat, low, high, width):
    if flat.dtype == np.int64 or flat.dtype == np.uint64:
        wide(flat, low, width)
    elif flat.dtype == np.bool_:
        in_range(low, high, 0, 2)
        narrow(flat, low, width, 1)
    elif flat.dtype == np.int8:
        in_range(low, high, -128, 128)
        narrow(flat, low, width, 8)
    elif flat.dtype == np.uint8:
        in_range(low, high, 0, 256)
        narrow(flat, low, width, 8)
    elif flat.dtype == np.int16:
        in_range(low, high, -32768, 32768)
        narrow(flat, low, width, 16)
    elif flat.dtype == np.uint16:
        in_range(low, high, 0, 65536)
        narrow(flat, low, width, 16)
    elif flat.dtype == np.int32:
        in_range(low, high, -2147483648, 2147483648)
        narrow(flat, low, width, 32)
    elif flat.dtype == np.uint32:
        in_range(low, high, 0, 4294967296)
        narrow(flat, low, width, 32)
    else:
        reject(flat, "!Unsupported dtype for randint")


def in_range(low, high, least, end):
    if low < least:
        raise ValueError("low is out of bounds for the dtype")
    if high > end:
        raise ValueError("high is out of bounds for the dtype")


# Narrow types share 32 random bits, lowest first; what is too large is drawn again.
def narrow(flat, low, width, bits: literal):
    most = np.int64(width)
    mask = most
    for shift in (1, 2, 4, 8, 16):
        mask |= mask >> shift
    left = 0
    pool = np.int64(0)
    for i in range(flat.size):
        value = np.int64(0)
        if most != 0:
            value = most + 1
        while value > most:
            if left == 0:
                pool = draw_bits()
                left = 32 // bits
            else:
                pool >>= bits
            left -= 1
            value = pool & ((1 << bits) - 1) & mask
        flat[i] = low + value


def shuffle(x: array):
    for k in range(x.shape[0] - 1):
        i = x.shape[0] - 1 - k
        j = np.int64(draw_interval(np.uint64(i)))
        if i != j:
            if x.ndim == 1:
                kept = x[i]
                x[i] = x[j]
                x[j] = kept
            else:
                row = x[i].copy()
                x[i] = x[j]
                x[j] = row


def permutation(x):
    if isinstance(x, np.ndarray):
        if x.ndim == 1:
            out = x.copy()
            shuffle(out)
            return out
        order = np.arange(x.shape[0])
        shuffle(order)
        return x[order]
    return permuted(x)


def permuted(n: integer):
    out = np.arange(n)
    shuffle(out)
    return out


def choice(a, size=None, replace: literal = True, p=None):
    if isinstance(a, np.ndarray):
        if a.ndim != 1:
            reject(a, "an array of 1 dimension")
        if size is None:
            return a[chosen_one(a.size, replace, p)]
        return a[chosen(a.size, size, replace, p)]
    if size is None:
        return int(chosen_one(population(a), replace, p))
    return chosen(population(a), size, replace, p)


def population(a: integer):
    return np.int64(a)


def chosen_one(count, replace: literal, p):
    return chosen(count, 1, True, p)[0]


# Indices of an array of `count` elements.
def chosen(count, size, replace: literal, p):
    if count <= 0:
        raise ValueError("a must be greater than 0 unless no samples are taken")
    if p is not None:
        check_probabilities(p, count)
        if replace:
            sums = np.cumsum(p.astype(np.float64))
            sums /= sums[-1]
            return positions(sums, uniform_numbers(size))
        return distinct(p, size)
    if replace:
        return between(np.int64(0), np.int64(count), size, None)
    out = np.empty(size, np.int64)
    if out.size > count:
        raise ValueError("Cannot take a larger sample than population when 'replace=False'")
    order = np.arange(count)
    shuffle(order)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = order[i]
    return out


def check_probabilities(p: array, count):
    if p.ndim != 1:
        reject(p, "an array of 1 dimension")
    if p.size != count:
        raise ValueError("'a' and 'p' must have same size")
    total = 0.0
    lost = 0.0
    for i in range(p.size):
        if not p[i] >= 0:
            raise ValueError("probabilities are not non-negative")
        term = p[i] - lost
        next_total = total + term
        lost = (next_total - total) - term
        total = next_total
    if not abs(total - 1.0) <= 1.4901161193847656e-08:
        raise ValueError("probabilities do not sum to 1")


def uniform_numbers(size):
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_uniform(0.0, 1.0)
    return out


# How many of the sums are at most each number.
def positions(sums, numbers):
    out = np.empty(numbers.shape, np.int64)
    flat = out.reshape(-1)
    given = numbers.reshape(-1)
    for i in range(given.size):
        low = 0
        high = sums.size
        while low < high:
            middle = (low + high) // 2
            if sums[middle] <= given[i]:
                low = middle + 1
            else:
                high = middle
        flat[i] = low
    return out


# Without replacement: what was found before has no probability any more, and of what is found twice the first counts.
def distinct(p, size):
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    left = p.astype(np.float64)
    if flat.size > p.size:
        raise ValueError("Cannot take a larger sample than population when 'replace=False'")
    if np.count_nonzero(left > 0) < flat.size:
        raise ValueError("Fewer non-zero entries in p than size")
    found = 0
    while found < flat.size:
        numbers = uniform_numbers(flat.size - found)
        for i in range(found):
            left[flat[i]] = 0.0
        sums = np.cumsum(left)
        sums /= sums[-1]
        new = positions(sums, numbers)
        first = found
        for i in range(new.size):
            seen = False
            for k in range(first, found):
                if flat[k] == new[i]:
                    seen = True
            if not seen:
                flat[found] = new[i]
                found += 1
    return out
