# Methods of numpy.random.Generator: continuous distributions that are made of uniform, normal and exponential numbers.
import numpy as np


# shape < 1: Ahrens and Dieter's rejection; else Marsaglia and Tsang (2000).
def gamma_number(s, shape):
    if shape == 1.0:
        return exponential_number(s)
    if shape == 0.0:
        return 0.0
    if shape < 1.0:
        while True:
            u = next_double(s)
            v = exponential_number(s)
            if u <= 1.0 - shape:
                x = u ** (1.0 / shape)
                if x <= v:
                    return x
            else:
                y = -np.log((1 - u) / shape)
                x = (1.0 - shape + shape * y) ** (1.0 / shape)
                if x <= v + y:
                    return x
    b = shape - 1.0 / 3.0
    c = 1.0 / np.sqrt(9 * b)
    while True:
        x = normal_number(s)
        v = 1.0 + c * x
        while v <= 0.0:
            x = normal_number(s)
            v = 1.0 + c * x
        v = v * v * v
        u = next_double(s)
        if u < 1.0 - 0.0331 * (x * x) * (x * x):
            return b * v
        if np.log(u) < 0.5 * x * x + b * (1.0 - v + np.log(v)):
            return b * v


def one_gamma(s, shape, scale):
    return scale * gamma_number(s, shape)


def one_chisquare(s, df, unused):
    return 2.0 * gamma_number(s, df / 2.0)


# Both at most 1: Joehnk (1964); else by two gamma numbers.
def one_beta(s, a, b):
    if a > 1.0 or b > 1.0:
        x = gamma_number(s, a)
        return x / (x + gamma_number(s, b))
    while True:
        u = next_double(s)
        v = next_double(s)
        x = u ** (1.0 / a)
        y = v ** (1.0 / b)
        if x + y <= 1.0 and u + v > 0.0:
            if x + y > 0:
                return x / (x + y)
            log_x = np.log(u) / a
            log_y = np.log(v) / b
            high = max(log_x, log_y)
            log_x -= high
            log_y -= high
            return np.exp(log_x - np.log(np.exp(log_x) + np.exp(log_y)))


def one_f(s, dfnum, dfden):
    x = one_chisquare(s, dfnum, 0.0) * dfden
    return x / (one_chisquare(s, dfden, 0.0) * dfnum)


def one_standard_t(s, df, unused):
    x = normal_number(s)
    return np.sqrt(df / 2) * x / np.sqrt(gamma_number(s, df / 2))


def one_standard_cauchy(s, unused, unused2):
    x = normal_number(s)
    return x / normal_number(s)


def one_pareto(s, a, unused):
    return np.expm1(exponential_number(s) / a)


def one_weibull(s, a, unused):
    return 0.0 if a == 0.0 else exponential_number(s) ** (1.0 / a)


def one_power(s, a, unused):
    return (-np.expm1(-exponential_number(s))) ** (1.0 / a)


def one_rayleigh(s, mode, unused):
    return mode * np.sqrt(2.0 * exponential_number(s))


def one_laplace(s, loc, scale):
    while True:
        u = next_double(s)
        if u >= 0.5:
            return loc - scale * np.log(2.0 - u - u)
        if u > 0.0:
            return loc + scale * np.log(u + u)


def one_logistic(s, loc, scale):
    while True:
        u = next_double(s)
        if u > 0.0:
            return loc + scale * np.log(u / (1.0 - u))


def one_gumbel(s, loc, scale):
    while True:
        u = 1.0 - next_double(s)
        if u < 1.0:
            return loc - scale * np.log(-np.log(u))


def one_wald(s, mean, scale):
    y = normal_number(s)
    y = mean * y * y
    x = mean + mean / (2 * scale) * (y - np.sqrt(4 * scale * y + y * y))
    return x if next_double(s) <= mean / (mean + x) else mean * mean / x


def one_triangular(s, left, mode, right):
    base = right - left
    part = mode - left
    u = next_double(s)
    if u <= part / base:
        return left + np.sqrt(u * (part * base))
    return right - np.sqrt((1.0 - u) * ((right - mode) * base))


def one_noncentral_chisquare(s, df, nonc):
    if np.isnan(nonc):
        return np.nan
    if nonc == 0:
        return one_chisquare(s, df, 0.0)
    if df > 1:
        central = one_chisquare(s, df - 1, 0.0)
        n = normal_number(s) + np.sqrt(nonc)
        return central + n * n
    return one_chisquare(s, df + 2 * poisson_number(s, nonc / 2.0), 0.0)


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
    out = np.empty(shape)
    to = out.reshape(-1)
    x = np.broadcast_to(a, shape).ravel()
    y = np.broadcast_to(b, shape).ravel()
    for i in range(to.size):
        to[i] = draw(s, float(x[i]), float(y[i]))
    return out


def any_negative(x):
    return np.any(np.signbit(x * 1.0)) if isinstance(x, np.ndarray) else np.signbit(float(x))


def all_positive(x):
    return np.all(x > 0) if isinstance(x, np.ndarray) else x > 0


def standard_gamma(self, shape, size=None):
    if any_negative(shape):
        raise ValueError("shape < 0")
    return floats(state_of(self), one_gamma, shape, 1.0, size)


def gamma(self, shape, scale=1.0, size=None):
    if any_negative(shape):
        raise ValueError("shape < 0")
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(state_of(self), one_gamma, shape, scale, size)


def beta(self, a, b, size=None):
    if not all_positive(a):
        raise ValueError("a <= 0")
    if not all_positive(b):
        raise ValueError("b <= 0")
    return floats(state_of(self), one_beta, a, b, size)


def chisquare(self, df, size=None):
    if not all_positive(df):
        raise ValueError("df <= 0")
    return floats(state_of(self), one_chisquare, df, 0.0, size)


def f(self, dfnum, dfden, size=None):
    if not all_positive(dfnum):
        raise ValueError("dfnum <= 0")
    if not all_positive(dfden):
        raise ValueError("dfden <= 0")
    return floats(state_of(self), one_f, dfnum, dfden, size)


def standard_t(self, df, size=None):
    if not all_positive(df):
        raise ValueError("df <= 0")
    return floats(state_of(self), one_standard_t, df, 0.0, size)


def standard_cauchy(self, size=None):
    return floats(state_of(self), one_standard_cauchy, 0.0, 0.0, size)


def pareto(self, a, size=None):
    if not all_positive(a):
        raise ValueError("a <= 0")
    return floats(state_of(self), one_pareto, a, 0.0, size)


def weibull(self, a, size=None):
    if any_negative(a):
        raise ValueError("a < 0")
    return floats(state_of(self), one_weibull, a, 0.0, size)


def power(self, a, size=None):
    if not all_positive(a):
        raise ValueError("a <= 0")
    return floats(state_of(self), one_power, a, 0.0, size)


def rayleigh(self, scale=1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(state_of(self), one_rayleigh, scale, 0.0, size)


def laplace(self, loc=0.0, scale=1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(state_of(self), one_laplace, loc, scale, size)


def logistic(self, loc=0.0, scale=1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(state_of(self), one_logistic, loc, scale, size)


def gumbel(self, loc=0.0, scale=1.0, size=None):
    if any_negative(scale):
        raise ValueError("scale < 0")
    return floats(state_of(self), one_gumbel, loc, scale, size)


def wald(self, mean, scale, size=None):
    if not all_positive(mean):
        raise ValueError("mean <= 0")
    if not all_positive(scale):
        raise ValueError("scale <= 0")
    return floats(state_of(self), one_wald, mean, scale, size)


def noncentral_chisquare(self, df, nonc, size=None):
    if not all_positive(df):
        raise ValueError("df <= 0")
    if any_negative(nonc):
        raise ValueError("nonc < 0")
    return floats(state_of(self), one_noncentral_chisquare, df, nonc, size)


def noncentral_f(self, dfnum: number, dfden: number, nonc: number, size=None):
    if not dfnum > 0:
        raise ValueError("dfnum <= 0")
    if not dfden > 0:
        raise ValueError("dfden <= 0")
    if nonc < 0:
        raise ValueError("nonc < 0")
    s = state_of(self)
    if size is None:
        x = one_noncentral_chisquare(s, float(dfnum), float(nonc)) * dfden
        return float(x / (one_chisquare(s, float(dfden), 0.0) * dfnum))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        x = one_noncentral_chisquare(s, float(dfnum), float(nonc)) * dfden
        flat[i] = x / (one_chisquare(s, float(dfden), 0.0) * dfnum)
    return out


def triangular(self, left: number, mode: number, right: number, size=None):
    if left > mode:
        raise ValueError("left > mode")
    if mode > right:
        raise ValueError("mode > right")
    if left == right:
        raise ValueError("left == right")
    s = state_of(self)
    if size is None:
        return float(one_triangular(s, float(left), float(mode), float(right)))
    out = np.empty(size)
    flat = out.reshape(-1)
    for i in range(flat.size):
        flat[i] = one_triangular(s, float(left), float(mode), float(right))
    return out
