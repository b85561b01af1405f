# Methods of numpy.random.Generator: discrete distributions.
import numpy as np


# log(gamma(x)) by Stirling's series, shifted to x >= 7 (Zhang and Jin, 1996): the last bits decide rejections.
def log_gamma(x):
    if x == 1.0 or x == 2.0:
        return 0.0
    shift = int(7 - x) if x < 7.0 else 0
    y = x + shift
    r = (1.0 / y) * (1.0 / y)
    g = -1.39243221690590
    g = g * r + 1.796443723688307e-01
    g = g * r + -2.955065359477124e-02
    g = g * r + 6.410256410256410e-03
    g = g * r + -1.917526917526918e-03
    g = g * r + 8.417508417508418e-04
    g = g * r + -5.952380952380952e-04
    g = g * r + 7.936507936507937e-04
    g = g * r + -2.777777777777778e-03
    g = g * r + 8.333333333333333e-02
    made = g / y + 0.5 * 1.8378770664093453 + (y - 0.5) * np.log(y) - y
    for k in range(shift):
        made -= np.log(y - 1.0)
        y -= 1.0
    return made


# Products of uniform numbers; from 10 on Hoermann's transformed rejection (PTRS, 1993).
def poisson_number(s, lam):
    if lam == 0:
        return 0
    if lam < 10:
        limit = np.exp(-lam)
        product = next_double(s)
        count = 0
        while product > limit:
            product *= next_double(s)
            count += 1
        return count
    b = 0.931 + 2.53 * np.sqrt(lam)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    limit = 0.9277 - 3.6224 / (b - 2)
    while True:
        u = next_double(s) - 0.5
        v = next_double(s)
        us = 0.5 - abs(u)
        k = int(np.floor((2 * a / us + b) * u + lam + 0.43))
        if us >= 0.07 and v <= limit:
            return k
        if not (k < 0 or (us < 0.013 and v > us)):
            left = np.log(v) + np.log(inverse) - np.log(a / (us * us) + b)
            if left <= -lam + k * np.log(lam) - log_gamma(k + 1.0):
                return k


def one_poisson(s, lam, unused):
    return poisson_number(s, lam)


def one_negative_binomial(s, n, p):
    return poisson_number(s, (1 - p) / p * gamma_number(s, n))


def one_geometric(s, p, unused):
    if p < 0.333333333333333333333333:
        z = np.ceil(-exponential_number(s) / np.log1p(-p))
        return np.iinfo(np.int64).max if z >= 9.223372036854776e18 else int(z)
    x = 1
    total = p
    product = p
    u = next_double(s)
    while u > total:
        product *= 1.0 - p
        total += product
        x += 1
    return x


# Kemp (1981).
def one_logseries(s, p, unused):
    r = np.log1p(-p)
    while True:
        v = next_double(s)
        if v >= p:
            return 1
        q = -np.expm1(r * next_double(s))
        if v > q * q:
            return 1 if v >= q else 2
        rank = np.floor(1 + np.log(v) / np.log(q))
        if rank >= 1 and v != 0.0:
            return int(rank)


# Rejection from a continuous distribution (Devroye, 1986).
def one_zipf(s, a, unused):
    if a >= 1025:
        return 1
    exponent = a - 1.0
    b = 2.0**exponent
    least = 9.223372036854776e18 ** (-exponent)
    while True:
        u01 = next_double(s)
        u = u01 * least + (1 - u01)
        v = next_double(s)
        x = np.floor(u ** (-1.0 / exponent))
        if x <= 9.223372036854776e18 and x >= 1.0:
            t = (1.0 + 1.0 / x) ** exponent
            if v * x * (t - 1.0) / (b - 1.0) <= t / b:
                return int(x)


def counts(s, draw, a, b, size):
    if size is None:
        return int(draw(s, float(a), float(b)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw(s, float(a), float(b))
    return out


def poisson(self, lam: number = 1.0, size=None):
    if not lam >= 0:
        raise ValueError("lam < 0 or lam is NaN")
    if lam > 9.223372006484771e18:
        raise ValueError("lam value too large")
    return counts(state_of(self), one_poisson, lam, 0.0, size)


def negative_binomial(self, n: number, p: number, size=None):
    if not n > 0:
        raise ValueError("n <= 0")
    if not (p > 0 and p <= 1):
        raise ValueError("p <= 0, p > 1 or p contains NaNs")
    return counts(state_of(self), one_negative_binomial, n, p, size)


def geometric(self, p: number, size=None):
    if not (p > 0 and p <= 1):
        raise ValueError("p <= 0, p > 1 or p contains NaNs")
    return counts(state_of(self), one_geometric, p, 0.0, size)


def logseries(self, p: number, size=None):
    if not (p >= 0 and p < 1):
        raise ValueError("p < 0, p >= 1 or p is NaN")
    return counts(state_of(self), one_logseries, p, 0.0, size)


def zipf(self, a: number, size=None):
    if not a > 1:
        raise ValueError("a <= 1 or a is NaN")
    return counts(state_of(self), one_zipf, a, 0.0, size)
