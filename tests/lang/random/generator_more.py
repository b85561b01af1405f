# More distributions of np.random.Generator, in kernels: NumPy's numbers.
import numpy as np
from numba import njit


@njit
def gammas(seed, n):
    rng = np.random.default_rng(seed)
    return (rng.standard_gamma(1.0, n), rng.standard_gamma(0.3, n), rng.standard_gamma(2.5, n), rng.gamma(2.0, 3.0, n), rng.beta(0.5, 0.5, n),
            rng.beta(2.0, 3.0, n), rng.chisquare(4.0, n), rng.f(3.0, 4.0, n), rng.standard_t(5.0, n), rng.gamma(np.array([1.0, 2.0, 3.0]), 2.0))


@njit
def floats(seed, n):
    rng = np.random.default_rng(seed)
    return (rng.standard_cauchy(n), rng.pareto(2.0, n), rng.weibull(1.5, n), rng.power(3.0, n), rng.rayleigh(2.0, n), rng.laplace(1.0, 2.0, n),
            rng.logistic(0.5, 1.5, n), rng.gumbel(0.5, 1.5, n), rng.triangular(0.0, 1.0, 3.0, n))


@njit
def central(seed, n):
    rng = np.random.default_rng(seed)
    return rng.noncentral_chisquare(3.0, 1.5, n), rng.noncentral_chisquare(0.5, 2.0, n), rng.noncentral_f(3.0, 4.0, 0.5, n)


@njit
def counted(seed, n):
    rng = np.random.default_rng(seed)
    return (rng.poisson(3.0, n), rng.poisson(30.0, n), rng.geometric(0.5, n), rng.geometric(0.1, n), rng.negative_binomial(3, 0.4, n),
            rng.logseries(0.9, n), rng.zipf(2.0, n), rng.zipf(1.5, n))


@njit
def single(seed):
    rng = np.random.default_rng(seed)
    return rng.gamma(2.0), rng.beta(1.5, 2.5), rng.wald(1.0, 2.0), rng.triangular(0.0, 0.5, 1.0), rng.poisson(4.0), rng.zipf(3.0), rng.rayleigh()


for part in gammas(1, 4):
    print(part.round(12))
# -> [1.07302903 0.30845314 5.37543687 0.36642711]
# -> [5.69619277e-02 5.08685113e-02 6.32243100e-06 1.26763190e-01]
# -> [1.93560748 3.17308699 1.7640629  1.80971115]
# -> [ 4.00674979 10.00033456  0.6721071   3.53663154]
# -> [0.03338148 0.61617025 0.99814046 0.56975704]
# -> [0.62765355 0.38567136 0.3130801  0.34325578]
# -> [6.15758795 6.29585562 1.03693076 3.47498527]
# -> [0.27168251 6.08223747 4.94051012 1.54806864]
# -> [-0.13862474  0.41527315  0.76586058 -0.00097531]
# -> [1.18537708 4.04040108 4.53182059]
for part in floats(2, 4):
    print(part.round(12))
# -> [-0.36165269  0.16918659  1.57294272 -0.42054803]
# -> [0.28765789 0.33320499 1.51934029 0.1951859 ]
# -> [0.95077198 1.04510669 0.58047676 1.98154066]
# -> [0.93157202 0.97991839 0.41542421 0.52228939]
# -> [0.83788217 2.23207759 3.83812432 3.50319204]
# -> [0.09580837 4.77346548 0.8801173  1.98047042]
# -> [-2.67938498 -2.72159465 -1.56162274  3.55288918]
# -> [ 0.30497775 -0.45648479  0.44977418  1.47573653]
# -> [1.29690551 1.43816169 2.09044401 1.16400354]
for part in central(3, 4):
    print(part.round(12))
# -> [1.9913781  3.23069842 1.70536674 1.85476968]
# -> [2.30055872e+00 4.64214884e-01 3.53831399e-01 1.00000000e-11]
# -> [0.84610256 0.66638062 1.46099637 0.26000083]
for part in counted(4, 12):
    print(part)
# -> [3 3 7 6 2 3 4 4 3 2 4 4]
# -> [29 28 35 28 39 32 30 33 33 32 30 32]
# -> [2 1 1 1 1 1 1 2 1 2 2 4]
# -> [10  1  3 22  4 28 20 10 13  1  3  2]
# -> [ 3 10  4  9  4  5  4  3  4  3 13  8]
# -> [ 5  8  6  3  1  6  1  2  6  8  8 12]
# -> [  1   1   1 215   2   1   1   1   3   1   1   1]
# -> [   1    2    1    2  111  513    1    4 4452    3  194   10]
for part in single(5):
    print(round(part, 12))
# -> 0.830947026065
# -> 0.175797908181
# -> 0.678184474242
# -> 0.156137296517
# -> 8
# -> 1
# -> 0.935820145529
