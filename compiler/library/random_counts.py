# np.random: discrete distributions, in NumPy's order.
import numpy as np


@extern("int64(float64)", symbol="kjit_random_draw_poisson", context=True)
def draw_poisson(lam):
    pass


@extern("int64(int64, float64)", symbol="kjit_random_draw_binomial", context=True)
def draw_binomial(n, p):
    pass


@extern("int64(float64, float64)", symbol="kjit_random_draw_negative_binomial", context=True)
def draw_negative_binomial(n, p):
    pass


@extern("int64(float64)", symbol="kjit_random_draw_geometric", context=True)
def draw_geometric(p):
    pass


@extern("int64(float64)", symbol="kjit_random_draw_zipf", context=True)
def draw_zipf(a):
    pass


@extern("int64(float64)", symbol="kjit_random_draw_logseries", context=True)
def draw_logseries(p):
    pass


@extern("int64(int64, int64, int64)", symbol="kjit_random_draw_hypergeometric", context=True)
def draw_hypergeometric(good, bad, sample):
    pass


def zipf(a: number, size=None):
    if not a > 1:
        raise ValueError("a <= 1 or a is NaN")
    if size is None:
        return int(draw_zipf(float(a)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_zipf(float(a))
    return out


def logseries(p: number, size=None):
    if not (p >= 0 and p < 1):
        raise ValueError("p < 0, p >= 1 or p is NaN")
    if size is None:
        return int(draw_logseries(float(p)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_logseries(float(p))
    return out


def hypergeometric(ngood: integer, nbad: integer, nsample: integer, size=None):
    if ngood < 0:
        raise ValueError("ngood < 0")
    if nbad < 0:
        raise ValueError("nbad < 0")
    if nsample < 1:
        raise ValueError("nsample < 1 or nsample is NaN")
    if ngood + nbad < nsample:
        raise ValueError("ngood + nbad < nsample")
    if size is None:
        return int(draw_hypergeometric(np.int64(ngood), np.int64(nbad), np.int64(nsample)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_hypergeometric(np.int64(ngood), np.int64(nbad), np.int64(nsample))
    return out


def poisson(lam: number = 1.0, size=None):
    if not lam >= 0:
        raise ValueError("lam < 0 or lam is NaN")
    if lam > 9.223372006484771e18:
        raise ValueError("lam value too large")
    if size is None:
        return int(draw_poisson(float(lam)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_poisson(float(lam))
    return out


def binomial(n: integer, p: number, size=None):
    if n < 0:
        raise ValueError("n < 0")
    if not (p >= 0 and p <= 1):
        raise ValueError("p < 0, p > 1 or p is NaN")
    if size is None:
        return int(draw_binomial(np.int64(n), float(p)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_binomial(np.int64(n), float(p))
    return out


def negative_binomial(n: number, p: number, size=None):
    if not n > 0:
        raise ValueError("n <= 0")
    if not (p > 0 and p <= 1):
        raise ValueError("p <= 0, p > 1 or p contains NaNs")
    if size is None:
        return int(draw_negative_binomial(float(n), float(p)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_negative_binomial(float(n), float(p))
    return out


def geometric(p: number, size=None):
    if not (p > 0 and p <= 1):
        raise ValueError("p <= 0, p > 1 or p contains NaNs")
    if size is None:
        return int(draw_geometric(float(p)))
    out = np.empty(size, np.int64)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_geometric(float(p))
    return out


def kahan_sum(p, n):
    total = p[0] * 1.0 if n > 0 else 0.0
    lost = 0.0
    for i in range(1, n):
        term = p[i] - lost
        next_total = total + term
        lost = (next_total - total) - term
        total = next_total
    return total


def multinomial(n: integer, pvals: array, size=None):
    if pvals.ndim != 1:
        reject(pvals, "an array of 1 dimension")
    if n < 0:
        raise ValueError("n < 0")
    for i in range(pvals.size):
        if not (pvals[i] >= 0 and pvals[i] <= 1):
            raise ValueError("pvals < 0, pvals > 1 or pvals contains NaNs")
    if kahan_sum(pvals, pvals.size - 1) > 1.0 + 1e-12:
        raise ValueError("sum(pvals[:-1].astype(np.float64)) > 1.0. The pvals array is cast to 64-bit floating point prior to checking the sum.")
    if size is None:
        one = np.zeros(pvals.size, np.int64)
        counts_of(one.reshape(1, pvals.size), np.int64(n), pvals)
        return one
    many = np.zeros((size if isinstance(size, tuple) else (size,)) + (pvals.size,), np.int64)
    counts_of(many.reshape(-1, pvals.size), np.int64(n), pvals)
    return many


def counts_of(rows, n, p):
    for i in range(rows.shape[0]):
        left = n
        rest = 1.0
        for j in range(p.size - 1):
            rows[i, j] = draw_binomial(left, p[j] / rest)
            left -= rows[i, j]
            if left <= 0:
                break
            rest -= p[j]
        if left > 0:
            rows[i, p.size - 1] = left
