"""np.random: parameters that are arrays, seeds of several numbers, multinomial."""
import numpy as np
from lib_exact import show
from numba import njit


@njit
def arrays(seed, mu, s):
    np.random.seed(seed)
    a = np.random.normal(mu, s)
    b = np.random.normal(mu, 2.0)
    c = np.random.uniform(mu, mu + 1)
    d = np.random.exponential(s, size=(2, 3))
    e = np.random.gamma(s, 1.0)
    f = np.random.beta(s, s + 1)
    g = np.random.normal(0.0, np.array([1.0, 2.0]), (3, 2))
    return a, b, c, d, e, f, g, np.random.random()


@njit
def seeds(key):
    np.random.seed(key)
    return np.random.random(), np.random.standard_normal()


@njit
def counts(n, p):
    np.random.seed(3)
    return np.random.multinomial(n, p), np.random.multinomial(n, p, 3), np.random.multinomial(n, p, size=(2, 2)), np.random.random()


show(arrays(5, np.array([0.0, 10.0, -3.0]), np.array([1.0, 0.5, 2.0])))
# -> float64 (3,) [0.44122748688504143, 9.834564924052955, 1.8615423740155599]
# -> float64 (3,) [-0.5041842592061538, 10.219219683156366, 0.16496223412312672]
# -> float64 (3,) [0.29680050157622195, 10.187721228661252, -2.919258731235125]
# -> float64 (2, 3) [[1.3410927087219175, 0.2910795652159885, 0.3446866927681202], [2.1197389338386325, 0.1601621824513776, 1.0696732526041575]]
# -> float64 (3,) [0.3510904700851818, 0.4210936135568019, 0.3779577942225609]
# -> float64 (3,) [0.09955196580113525, 0.010179463628555919, 0.18612084197501733]
# -> float64 (3, 2) [[0.32639612913529886, 0.5330003764781317], [0.37746398173196855, -0.04784128142058079], [1.228884075333371, -0.7916625155843049]]
# -> 0.5464564979724778
show(seeds(np.array([1, 2, 3])))
# -> 0.6098612722867289
# -> -0.06169861999531901
show(seeds(np.arange(700)))
# -> 0.867898393018711
# -> -0.14362202552248912
show(seeds((5, 2**32 - 1)))
# -> 0.9993322271352186
# -> 0.47421686138985947
show(counts(20, np.array([0.2, 0.3, 0.5])))
# -> int64 (3,) [4, 7, 9]
# -> int64 (3, 3) [[3, 6, 11], [6, 8, 6], [2, 5, 13]]
# -> int64 (2, 2, 3) [[[1, 7, 12], [1, 7, 12]], [[5, 4, 11], [5, 6, 9]]]
# -> 0.023981882377165364
show(counts(7, np.array([0.5, 0.5])))
# -> int64 (2,) [4, 3]
# -> int64 (3, 2) [[4, 3], [3, 4], [4, 3]]
# -> int64 (2, 2, 2) [[[5, 2], [5, 2]], [[2, 5], [2, 5]]]
# -> 0.05146720330082988
