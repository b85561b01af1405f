# Distributions of np.random on circles, of ranks, of draws without replacement, of vectors: NumPy's numbers, bit for bit.
import numpy as np
from lib_exact import show
from numba import njit


@njit
def floats(n):
    return (np.random.vonmises(0.5, 2.0, n), np.random.vonmises(-3.0, 1e-6, n), np.random.vonmises(0.0, 1e-9, n), np.random.wald(1.5, 0.3, n),
            np.random.noncentral_chisquare(3.0, 1.5, n), np.random.noncentral_chisquare(0.5, 2.0, n), np.random.noncentral_chisquare(2.0, 0.0, n),
            np.random.noncentral_f(3.0, 4.0, 0.5, n))


@njit
def integers(n):
    return (np.random.zipf(2.0, n), np.random.zipf(1.2, n), np.random.logseries(0.9, n), np.random.logseries(0.1, n), np.random.hypergeometric(15, 5, 8, n),
            np.random.hypergeometric(5, 15, 8, n), np.random.hypergeometric(1000, 300, 100, n), np.random.hypergeometric(30, 100, 120, n),
            np.random.hypergeometric(3, 4, 1, n))


@njit
def single():
    return (np.random.vonmises(0.5, 2.0), np.random.wald(1.0, 2.0), np.random.noncentral_f(1.0, 2.0, 3.0), np.random.zipf(3.0), np.random.logseries(0.5),
            np.random.hypergeometric(10, 20, 12))


@njit
def vectors(n):
    return np.random.dirichlet(np.array([0.5, 1.0, 3.0])), np.random.dirichlet((2, 3), n), np.random.dirichlet((1.0, 2.0, 3.0), (2, n)).sum(axis=2).round(12)


@njit
def seeded(k):
    np.random.seed(k)


def seed(k):  # the kernels' generator, and CPython's
    seeded(k)
    np.random.seed(k)


seed(11)
for x in floats(5):
    show(x)
# -> float64 (5,) [0.2965117832192776, -0.8008502048504083, 0.5140895955022762, 2.4881892694744634, 0.477414649999921]
# -> float64 (5,) [-2.5039043334343267, 2.2005164213477793, -2.736253682392924, 3.1082814584103318, -0.3359958705466517]
# -> float64 (5,) [0.32913725761725837, 2.8217935869407955, 3.057858718704487, -1.0175364157993219, -1.6344155946028733]
# -> float64 (5,) [0.41572144169080505, 0.9767070530380714, 9.342307618176488, 0.37065567009486067, 0.06588792476474126]
# -> float64 (5,) [5.714127546652563, 2.253644737167712, 1.7752932940856019, 8.198777971842148, 2.680149720274165]
# -> float64 (5,) [5.746585095464016, 8.546286558478359, 0.16794052932439585, 2.7999988973139234e-07, 5.6636208699198365]
# -> float64 (5,) [1.0848507916981371, 0.9165220883222959, 0.3703203090239972, 3.1585198333290285, 3.579970990314957]
# -> float64 (5,) [0.8202107530337446, 0.07838676878468502, 1.6990613150117313, 1.3015154827988507, 0.8553136264868131]
seed(12)
for k in integers(12):
    print(k)
# -> [ 1  1  1 10 23  1  1  2  4  4  1  1]
# -> [429  13  15  22  22   1 156   5   1  14   1 169]
# -> [ 2  1  2  6 14  9 15  4  1  4  1  1]
# -> [1 1 1 1 1 1 1 3 1 2 1 1]
# -> [6 7 5 8 6 6 6 6 8 4 5 5]
# -> [3 0 1 2 2 1 2 1 2 1 3 1]
# -> [69 72 81 84 72 77 75 80 73 78 71 71]
# -> [30 26 29 27 27 27 28 26 28 27 27 29]
# -> [0 0 1 0 0 1 0 0 0 1 0 0]
seed(13)
for x in single():
    show(x)
# -> 2.0337634079451927
# -> 0.2383042796907815
# -> 34.98891770711435
# -> 2
# -> 1
# -> 2
seed(14)
for x in vectors(2):
    print(x)
# -> [0.05284281 0.40850625 0.53865095]
# -> [[0.3985832  0.6014168 ]
# ->  [0.15546452 0.84453548]]
# -> [[1. 1.]
# ->  [1. 1.]]
np.random.seed(15)
print(np.random.zipf(2.5, 5), np.random.vonmises(0.0, 1.0), np.random.hypergeometric(5, 6, 7))  # -> [3 1 1 1 1] 2.618279908551263 2
