# np.random: seeds and continuous distributions, on the generator of the context (runtime/random), in NumPy's order.
import numpy as np


@extern("float64(float64, float64)", symbol="kjit_random_draw_uniform", context=True)
def draw_uniform(low, width):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_normal", context=True)
def draw_normal(mean, deviation):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_lognormal", context=True)
def draw_lognormal(mean, deviation):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_exponential", context=True)
def draw_exponential(scale, unused):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_gamma", context=True)
def draw_gamma(shape, scale):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_beta", context=True)
def draw_beta(a, b):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_f", context=True)
def draw_f(over, under):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_chisquare", context=True)
def draw_chisquare(freedom, unused):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_standard_t", context=True)
def draw_standard_t(freedom, unused):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_standard_cauchy", context=True)
def draw_standard_cauchy(unused, unused2):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_pareto", context=True)
def draw_pareto(a, unused):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_weibull", context=True)
def draw_weibull(a, unused):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_power", context=True)
def draw_power(a, unused):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_rayleigh", context=True)
def draw_rayleigh(scale, unused):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_laplace", context=True)
def draw_laplace(loc, scale):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_logistic", context=True)
def draw_logistic(loc, scale):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_gumbel", context=True)
def draw_gumbel(loc, scale):
    pass


@extern("float64(float64, float64, float64)", symbol="kjit_random_draw_triangular", context=True)
def draw_triangular(left, mode, right):
    pass


@extern("int64(int64)", symbol="kjit_random_draw_seed", context=True)
def draw_seed(n):
    pass


@extern("int64()", symbol="kjit_random_draw_reseed", context=True)
def draw_reseed():
    pass


def seed(seed=None):
    if seed is None:
        draw_reseed()
    else:
        one_seed(seed)


def one_seed(n: integer):
    draw_seed(np.int64(n))


# A number, or an array of the shape `size`.
def floats(draw, a, b, size):
    if size is None:
        return float(draw(float(a), float(b)))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw(float(a), float(b))
    return out


def rand(*d):
    if len(d) == 0:
        return floats(draw_uniform, 0.0, 1.0, None)
    return floats(draw_uniform, 0.0, 1.0, d)


def randn(*d):
    if len(d) == 0:
        return floats(draw_normal, 0.0, 1.0, None)
    return floats(draw_normal, 0.0, 1.0, d)


def random(size=None):
    return floats(draw_uniform, 0.0, 1.0, size)


def random_sample(size=None):
    return floats(draw_uniform, 0.0, 1.0, size)


def ranf(size=None):
    return floats(draw_uniform, 0.0, 1.0, size)


def sample(size=None):
    return floats(draw_uniform, 0.0, 1.0, size)


def uniform(low: number = 0.0, high: number = 1.0, size=None):
    width = float(high) - float(low)
    if not abs(width) < np.inf:
        raise OverflowError("Range exceeds valid bounds")
    return floats(draw_uniform, low, width, size)


def standard_normal(size=None):
    return floats(draw_normal, 0.0, 1.0, size)


def normal(loc: number = 0.0, scale: number = 1.0, size=None):
    if np.signbit(float(scale)):
        raise ValueError("scale < 0")
    return floats(draw_normal, loc, scale, size)


def lognormal(mean: number = 0.0, sigma: number = 1.0, size=None):
    if np.signbit(float(sigma)):
        raise ValueError("sigma < 0")
    return floats(draw_lognormal, mean, sigma, size)


def exponential(scale: number = 1.0, size=None):
    if np.signbit(float(scale)):
        raise ValueError("scale < 0")
    return floats(draw_exponential, scale, 0.0, size)


def standard_exponential(size=None):
    return floats(draw_exponential, 1.0, 0.0, size)


def gamma(shape: number, scale: number = 1.0, size=None):
    if np.signbit(float(shape)):
        raise ValueError("shape < 0")
    if np.signbit(float(scale)):
        raise ValueError("scale < 0")
    return floats(draw_gamma, shape, scale, size)


def standard_gamma(shape: number, size=None):
    if np.signbit(float(shape)):
        raise ValueError("shape < 0")
    return floats(draw_gamma, shape, 1.0, size)


def beta(a: number, b: number, size=None):
    if not a > 0:
        raise ValueError("a <= 0")
    if not b > 0:
        raise ValueError("b <= 0")
    return floats(draw_beta, a, b, size)


def f(dfnum: number, dfden: number, size=None):
    if not dfnum > 0:
        raise ValueError("dfnum <= 0")
    if not dfden > 0:
        raise ValueError("dfden <= 0")
    return floats(draw_f, dfnum, dfden, size)


def chisquare(df: number, size=None):
    if not df > 0:
        raise ValueError("df <= 0")
    return floats(draw_chisquare, df, 0.0, size)


def standard_t(df: number, size=None):
    if not df > 0:
        raise ValueError("df <= 0")
    return floats(draw_standard_t, df, 0.0, size)


def standard_cauchy(size=None):
    return floats(draw_standard_cauchy, 0.0, 0.0, size)


def pareto(a: number, size=None):
    if not a > 0:
        raise ValueError("a <= 0")
    return floats(draw_pareto, a, 0.0, size)


def weibull(a: number, size=None):
    if np.signbit(float(a)):
        raise ValueError("a < 0")
    return floats(draw_weibull, a, 0.0, size)


def power(a: number, size=None):
    if not a > 0:
        raise ValueError("a <= 0")
    return floats(draw_power, a, 0.0, size)


def rayleigh(scale: number = 1.0, size=None):
    if np.signbit(float(scale)):
        raise ValueError("scale < 0")
    return floats(draw_rayleigh, scale, 0.0, size)


def laplace(loc: number = 0.0, scale: number = 1.0, size=None):
    if np.signbit(float(scale)):
        raise ValueError("scale < 0")
    return floats(draw_laplace, loc, scale, size)


def logistic(loc: number = 0.0, scale: number = 1.0, size=None):
    if np.signbit(float(scale)):
        raise ValueError("scale < 0")
    return floats(draw_logistic, loc, scale, size)


def gumbel(loc: number = 0.0, scale: number = 1.0, size=None):
    if np.signbit(float(scale)):
        raise ValueError("scale < 0")
    return floats(draw_gumbel, loc, scale, size)


def triangular(left: number, mode: number, right: number, size=None):
    if left > mode:
        raise ValueError("left > mode")
    if mode > right:
        raise ValueError("mode > right")
    if left == right:
        raise ValueError("left == right")
    if size is None:
        return float(draw_triangular(float(left), float(mode), float(right)))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_triangular(float(left), float(mode), float(right))
    return out
