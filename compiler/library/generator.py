# np.random.default_rng: NumPy's Generator on PCG64 (O'Neill's XSL-RR 128/64, M. E. O'Neill, "PCG", 2014), bit for bit.
# The state is an array of words: high and low half of the state, of the increment, whether 32 bits are left, those bits.
import numpy as np


@extern("int64()", symbol="kjit_random_draw_entropy", context=True)
def draw_entropy():
    pass


def low_half(x):
    return x & 0xFFFFFFFF


# --- seeds: NumPy's SeedSequence, a pool of 4 words of 32 bits

# value is mixed with the constant h[0], which goes on.
def hashed(value, h):
    x = value ^ h[0]
    h[0] = low_half(h[0] * 0x931E8875)
    x = low_half(x * h[0])
    return x ^ (x >> 16)


def mixed(x, y):
    z = low_half(x * 0xCA01F9DD - y * 0x4973F715)
    return z ^ (z >> 16)


def seed_pool(entropy):
    pool = np.zeros(4, np.uint64)
    h = np.full(1, 0x43B0D7E5, np.uint64)
    for i in range(4):
        pool[i] = hashed(entropy[i] if i < entropy.size else np.uint64(0), h)
    for i in range(4):
        for j in range(4):
            if i != j:
                pool[j] = mixed(pool[j], hashed(pool[i], h))
    for i in range(4, entropy.size):
        for j in range(4):
            pool[j] = mixed(pool[j], hashed(entropy[i], h))
    return pool


# 4 words of 64 bits, as PCG64 asks for.
def seed_words(pool):
    out = np.zeros(4, np.uint64)
    h = np.uint64(0x8B51F9DD)
    for i in range(8):
        x = pool[i % 4] ^ h
        h = low_half(h * 0x58F38DED)
        x = low_half(x * h)
        x = x ^ (x >> 16)
        out[i // 2] |= x << (32 * (i % 2))
    return out


# The words of 32 bits of one non-negative number behind `at`; how many there are then.
def add_words(out, at, n):
    if n < 0:
        raise ValueError("expected non-negative integer")
    x = np.uint64(n)
    out[at] = low_half(x)
    if x >> 32 == 0:
        return at + 1
    out[at + 1] = x >> 32
    return at + 2


def entropy_of(seed):
    if seed is None:
        out = np.zeros(4, np.uint64)
        for i in range(4):
            out[i] = np.uint64(draw_entropy())
        return out
    given = np.atleast_1d(seed)
    if given.ndim != 1 or given.dtype.kind not in ("i", "u"):
        reject(seed, "an integer or an array of 1 dimension of integers")
    words = np.zeros(2 * given.size, np.uint64)
    count = 0
    for i in range(given.size):
        count = add_words(words, count, given[i])
    return words[:count]


def default_rng(seed=None):
    words = seed_words(seed_pool(entropy_of(seed)))
    s = np.zeros(6, np.uint64)
    s[2] = (words[2] << 1) | (words[3] >> 63)
    s[3] = (words[3] << 1) | 1
    step(s)
    lo = s[1] + words[1]
    s[0] = s[0] + words[0] + (1 if lo < s[1] else 0)
    s[1] = lo
    step(s)
    return as_generator(s)


# --- bits

# The high half of a product of 128 bits.
def high_product(a, b):
    a0 = low_half(a)
    a1 = a >> 32
    b0 = low_half(b)
    b1 = b >> 32
    middle = ((a0 * b0) >> 32) + low_half(a0 * b1) + low_half(a1 * b0)
    return a1 * b1 + ((a0 * b1) >> 32) + ((a1 * b0) >> 32) + (middle >> 32)


def step(s):
    factor_hi = np.uint64(2549297995355413924)
    factor_lo = np.uint64(4865540595714422341)
    lo = s[1] * factor_lo
    hi = high_product(s[1], factor_lo) + s[0] * factor_lo + s[1] * factor_hi
    s[1] = lo + s[3]
    s[0] = hi + s[2] + (1 if s[1] < lo else 0)


def next64(s):
    step(s)
    x = s[0] ^ s[1]
    turn = s[0] >> 58
    return (x >> turn) | (x << ((64 - turn) & 63))


def next32(s):
    if s[4] != 0:
        s[4] = 0
        return s[5]
    x = next64(s)
    s[4] = 1
    s[5] = x >> 32
    return low_half(x)


def next_double(s):
    return np.float64(next64(s) >> 11) * (1.0 / 9007199254740992.0)


def next_float(s):
    return np.float32(next32(s) >> 8) * np.float32(1.0 / 16777216.0)


# An integer in [0, most]: Lemire's method.
def bounded32(s, most):
    count = most + 1
    m = next32(s) * count
    if low_half(m) < count:
        least = (0xFFFFFFFF - most) % count
        while low_half(m) < least:
            m = next32(s) * count
    return m >> 32


def bounded64(s, most):
    count = most + 1
    x = next64(s)
    if x * count < count:
        least = (~count + 1) % count
        while x * count < least:
            x = next64(s)
    return high_product(x, count)


def bounded(s, most):
    if most == 0:
        return np.uint64(0)
    if most < 0xFFFFFFFF:
        return bounded32(s, most)
    if most == 0xFFFFFFFF:
        return next32(s)
    if ~most == 0:
        return next64(s)
    return bounded64(s, most)


# Narrow integers share 32 bits: those that are left are in p[0], how many pieces in p[1].
def piece(s, p, bits: literal):
    if p[1] == 0:
        p[0] = next32(s)
        p[1] = 32 // bits - 1
    else:
        p[0] = p[0] >> bits
        p[1] = p[1] - 1
    return p[0] & ((1 << bits) - 1)


def narrow(s, p, most, bits: literal):
    if most == 0:
        return np.uint64(0)
    if bits == 1 or most == (1 << bits) - 1:
        return piece(s, p, bits)
    count = most + 1
    m = piece(s, p, bits) * count
    if m & ((1 << bits) - 1) < count:
        least = ((1 << bits) - 1 - most) % count
        while m & ((1 << bits) - 1) < least:
            m = piece(s, p, bits) * count
    return m >> bits


# --- ziggurats (Marsaglia and Tsang, 2000): 256 layers

# Limits, widths and heights of the normal layers (0, 1, 2) and of the exponential ones (3, 4, 5).
@extern("float64(int64)", symbol="kjit_random_draw_layer", context=True)
def draw_layer(at):
    pass


def layer(table: literal, i):
    return draw_layer(256 * table + i)


def normal_number(s):
    edge = 3.6541528853610087963519472518
    while True:
        bits = next64(s)
        i = np.int64(bits & 0xFF)
        mantissa = (bits >> 9) & 0xFFFFFFFFFFFFF
        x = np.float64(mantissa) * layer(1, i)
        if (bits >> 8) & 1 != 0:
            x = -x
        if np.float64(mantissa) < layer(0, i):
            return x
        if i == 0:
            while True:
                beyond = -0.27366123732975827203338247596 * np.log1p(-next_double(s))
                other = -np.log1p(-next_double(s))
                if other + other > beyond * beyond:
                    return -(edge + beyond) if (mantissa >> 8) & 1 != 0 else edge + beyond
        elif (layer(2, i - 1) - layer(2, i)) * next_double(s) + layer(2, i) < np.exp(-0.5 * x * x):
            return x


def exponential_number(s):
    while True:
        bits = next64(s) >> 3
        i = np.int64(bits & 0xFF)
        mantissa = bits >> 8
        x = np.float64(mantissa) * layer(4, i)
        if np.float64(mantissa) < layer(3, i):
            return x
        if i == 0:
            return 7.69711747013104972 - np.log1p(-next_double(s))
        if (layer(5, i - 1) - layer(5, i)) * next_double(s) + layer(5, i) < np.exp(-x):
            return x


# --- methods

def random(self, size=None, dtype: literal = np.float64):
    s = state_of(self)
    if dtype != np.float64 and dtype != np.float32:
        reject(dtype, "!Unsupported dtype for random")
    if size is None:
        return float(next_double(s)) if dtype == np.float64 else next_float(s)
    out = np.empty(size, dtype)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = next_double(s) if dtype == np.float64 else next_float(s)
    return out


def uniform(self, low: number = 0.0, high: number = 1.0, size=None):
    s = state_of(self)
    width = float(high) - float(low)
    if not abs(width) < np.inf:
        raise OverflowError("high - low range exceeds valid bounds")
    if width < 0:
        raise ValueError("high < low")
    if size is None:
        return float(float(low) + width * next_double(s))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = float(low) + width * next_double(s)
    return out


def plain_normal(s, loc, scale):
    return normal_number(s)


def scaled_normal(s, loc, scale):
    return loc + scale * normal_number(s)


def exp_normal(s, loc, scale):
    return np.exp(loc + scale * normal_number(s))


def scaled_exponential(s, scale, unused):
    return scale * exponential_number(s)


# A number, or an array of the shape `size`; for parameters that are arrays one for each of their elements.
def floats(s, draw, a, b, size):
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return spread(s, draw, a, b, size)
    if size is None:
        return float(draw(s, float(a), float(b)))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw(s, float(a), float(b))
    return out


def spread(s, draw, a, b, size):
    shape = np.add(a, b).shape if size is None else np.empty(size, np.bool_).shape
    first = np.empty(shape)
    first[...] = a
    second = np.empty(shape)
    second[...] = b
    out = np.empty(shape)
    to = out.reshape(-1)
    x = first.reshape(-1)
    y = second.reshape(-1)
    for i in range(to.size):
        to[i] = draw(s, x[i], y[i])
    return out


def any_negative(x):
    return np.any(np.signbit(x * 1.0)) if isinstance(x, np.ndarray) else np.signbit(float(x))


def standard_normal(self, size=None):
    return floats(state_of(self), plain_normal, 0.0, 1.0, size)


def normal(self, loc=0.0, scale=1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(state_of(self), scaled_normal, loc, scale, size)


def lognormal(self, mean=0.0, sigma=1.0, size=None):
    if any_negative(sigma):
        raise ValueError("sigma < 0")
    return floats(state_of(self), exp_normal, mean, sigma, size)


def standard_exponential(self, size=None):
    return floats(state_of(self), scaled_exponential, 1.0, 0.0, size)


def exponential(self, scale=1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(state_of(self), scaled_exponential, scale, 0.0, size)


def integers(self, low: integer, high=None, size=None, dtype: literal = np.int64, endpoint: literal = False):
    if high is None:
        return between(self, np.int64(0), np.int64(low) - (0 if endpoint else 1), size, dtype)
    return between(self, np.int64(low), last_of(high, endpoint), size, dtype)


def last_of(high: integer, endpoint: literal):
    return np.int64(high) - (0 if endpoint else 1)


def between(self, low, last, size, dtype: literal):
    if low > last:
        raise ValueError("low >= high")
    check_range(low, last, dtype)
    s = state_of(self)
    if size is None:
        one = np.empty(1, dtype)
        fill_integers(s, one, low, np.uint64(last - low))
        return one[0]
    out = np.empty(size, dtype)
    fill_integers(s, out.reshape(-1), low, np.uint64(last - low))
    return out


def check_range(low, last, dtype: literal):
    if dtype == np.bool_:
        least, most = 0, 1
    elif dtype.kind not in ("i", "u"):
        reject(dtype, "!Unsupported dtype for integers")
    elif dtype == np.uint64:
        least, most = 0, np.iinfo(np.int64).max
    else:
        least, most = np.iinfo(dtype).min, np.iinfo(dtype).max
    if low < least:
        raise ValueError("low is out of bounds for the dtype")
    if last > most:
        raise ValueError("high is out of bounds for the dtype")


def fill_integers(s, flat, low, most):
    p = np.zeros(2, np.uint64)
    t = flat.dtype.type
    for i in range(flat.size):
        if flat.dtype == np.bool_:
            flat[i] = low + np.int64(narrow(s, p, most, 1)) != 0
        elif flat.dtype.itemsize == 1:
            flat[i] = low + np.int64(narrow(s, p, most, 8))
        elif flat.dtype.itemsize == 2:
            flat[i] = low + np.int64(narrow(s, p, most, 16))
        elif flat.dtype.itemsize == 4:
            flat[i] = low + np.int64(bounded(s, most))
        else:
            flat[i] = low + np.int64(bounded(s, most))
