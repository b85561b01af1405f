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
