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


@extern("float64(float64, float64)", symbol="kjit_random_draw_vonmises", context=True)
def draw_vonmises(mu, kappa):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_wald", context=True)
def draw_wald(mean, scale):
    pass


@extern("float64(float64, float64)", symbol="kjit_random_draw_noncentral_chisquare", context=True)
def draw_noncentral_chisquare(df, nonc):
    pass


@extern("float64(float64, float64, float64)", symbol="kjit_random_draw_noncentral_f", context=True)
def draw_noncentral_f(dfnum, dfden, nonc):
    pass


@extern("float64(float64, float64, float64)", symbol="kjit_random_draw_triangular", context=True)
def draw_triangular(left, mode, right):
    pass


@extern("int64(int64)", symbol="kjit_random_draw_seed", context=True)
def draw_seed(n):
    pass


# A step of a seed of several numbers: a number, its place, and whether it is the first step (0) or the last (2).
@extern("int64(int64, int64, int64)", symbol="kjit_random_draw_key", context=True)
def draw_key(word, at, phase):
    pass


@extern("int64()", symbol="kjit_random_draw_reseed", context=True)
def draw_reseed():
    pass


def seed(seed=None):
    if seed is None:
        draw_reseed()
    elif isinstance(seed, np.ndarray):
        array_seed(seed)
    elif isinstance(seed, tuple):
        array_seed(np.asarray(seed))
    else:
        one_seed(seed)


def one_seed(n: integer):
    draw_seed(np.int64(n))


def array_seed(key):
    if key.ndim != 1 or key.dtype.kind not in ("i", "u"):
        reject(key, "an integer or an array of 1 dimension of integers")
    if key.size == 0:
        raise ValueError("Seed must be non-empty")
    for i in range(key.size):
        if key[i] < 0 or key[i] > 4294967295:
            raise ValueError("Seed must be between 0 and 2**32 - 1")
    steps = max(624, key.size)
    for i in range(steps):
        draw_key(np.int64(key[i % key.size]), np.int64(i % key.size), np.int64(0 if i == 0 else 2 if i == steps - 1 else 1))


# A number, or an array of the shape `size`; for parameters that are arrays one for each of their elements.
def floats(draw, a, b, size):
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return spread(draw, a, b, size)
    if size is None:
        return float(draw(float(a), float(b)))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw(float(a), float(b))
    return out


def spread(draw, a, b, size):
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
        to[i] = draw(x[i], y[i])
    return out


# Checks of parameters that are numbers or arrays.
def any_negative(x):
    return np.any(np.signbit(x * 1.0)) if isinstance(x, np.ndarray) else np.signbit(float(x))


def all_finite(x):
    return np.all(np.isfinite(x)) if isinstance(x, np.ndarray) else np.isfinite(x)


def all_positive(x):
    return np.all(x > 0) if isinstance(x, np.ndarray) else x > 0


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


def uniform(low = 0.0, high = 1.0, size=None):
    width = high - low if isinstance(low, np.ndarray) or isinstance(high, np.ndarray) else float(high) - float(low)
    if not all_finite(width):
        raise OverflowError("Range exceeds valid bounds")
    return floats(draw_uniform, low, width, size)


def standard_normal(size=None):
    return floats(draw_normal, 0.0, 1.0, size)


def normal(loc = 0.0, scale = 1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(draw_normal, loc, scale, size)


def lognormal(mean = 0.0, sigma = 1.0, size=None):
    if any_negative(sigma):
        raise ValueError("sigma < 0")
    return floats(draw_lognormal, mean, sigma, size)


def exponential(scale = 1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(draw_exponential, scale, 0.0, size)


def standard_exponential(size=None):
    return floats(draw_exponential, 1.0, 0.0, size)


def gamma(shape, scale = 1.0, size=None):
    if any_negative(shape):
        raise ValueError("shape < 0")
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(draw_gamma, shape, scale, size)


def standard_gamma(shape, size=None):
    if any_negative(shape):
        raise ValueError("shape < 0")
    return floats(draw_gamma, shape, 1.0, size)


def beta(a, b, size=None):
    if not all_positive(a):
        raise ValueError("a <= 0")
    if not all_positive(b):
        raise ValueError("b <= 0")
    return floats(draw_beta, a, b, size)


def f(dfnum, dfden, size=None):
    if not all_positive(dfnum):
        raise ValueError("dfnum <= 0")
    if not all_positive(dfden):
        raise ValueError("dfden <= 0")
    return floats(draw_f, dfnum, dfden, size)


def chisquare(df, size=None):
    if not all_positive(df):
        raise ValueError("df <= 0")
    return floats(draw_chisquare, df, 0.0, size)


def standard_t(df, size=None):
    if not all_positive(df):
        raise ValueError("df <= 0")
    return floats(draw_standard_t, df, 0.0, size)


def standard_cauchy(size=None):
    return floats(draw_standard_cauchy, 0.0, 0.0, size)


def pareto(a, size=None):
    if not all_positive(a):
        raise ValueError("a <= 0")
    return floats(draw_pareto, a, 0.0, size)


def weibull(a, size=None):
    if any_negative(a):
        raise ValueError("a < 0")
    return floats(draw_weibull, a, 0.0, size)


def power(a, size=None):
    if not all_positive(a):
        raise ValueError("a <= 0")
    return floats(draw_power, a, 0.0, size)


def rayleigh(scale = 1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(draw_rayleigh, scale, 0.0, size)


def laplace(loc = 0.0, scale = 1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(draw_laplace, loc, scale, size)


def logistic(loc = 0.0, scale = 1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(draw_logistic, loc, scale, size)


def gumbel(loc = 0.0, scale = 1.0, size=None):
    if any_negative(scale):
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


def vonmises(mu, kappa, size=None):
    if any_negative(kappa):
        raise ValueError("kappa < 0")
    return floats(draw_vonmises, mu, kappa, size)


def wald(mean, scale, size=None):
    if not all_positive(mean):
        raise ValueError("mean <= 0")
    if not all_positive(scale):
        raise ValueError("scale <= 0")
    return floats(draw_wald, mean, scale, size)


def noncentral_chisquare(df, nonc, size=None):
    if not all_positive(df):
        raise ValueError("df <= 0")
    if any_negative(nonc):
        raise ValueError("nonc < 0")
    return floats(draw_noncentral_chisquare, df, nonc, size)


def noncentral_f(dfnum: number, dfden: number, nonc: number, size=None):
    if not dfnum > 0:
        raise ValueError("dfnum <= 0")
    if not dfden > 0:
        raise ValueError("dfden <= 0")
    if nonc < 0:
        raise ValueError("nonc < 0")
    if size is None:
        return float(draw_noncentral_f(float(dfnum), float(dfden), float(nonc)))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = draw_noncentral_f(float(dfnum), float(dfden), float(nonc))
    return out


# Gamma numbers, divided by their sum.
def dirichlet(alpha: array, size=None):
    if alpha.ndim != 1:
        reject(alpha, "an array of 1 dimension")
    if not np.all(alpha > 0):
        raise ValueError("alpha <= 0")
    if size is None:
        return dirichlet(alpha, (1,))[0]
    out = np.empty((size if isinstance(size, tuple) else (size,)) + (alpha.size,))
    rows = out.reshape(-1, alpha.size)
    for i in range(rows.shape[0]):
        total = 0.0
        for j in range(alpha.size):
            rows[i, j] = draw_gamma(float(alpha[j]), 1.0)
            total += rows[i, j]
        inverse = 1.0 / total
        for j in range(alpha.size):
            rows[i, j] *= inverse
    return out
