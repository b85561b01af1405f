# Generators of scripts: arguments and results of kernels, which draw from the same stream; methods called by the script.
import numpy as np
from numba import njit


@njit
def walk(rng, n):
    return np.cumsum(2 * rng.integers(0, 2, size=n) - 1)


@njit
def made(seed):
    return np.random.default_rng(seed), seed + 1


rng = np.random.default_rng(7)
print(walk(rng, 5))  # -> [1 2 3 4 5]
print(rng.random(3))  # -> [0.22520719 0.30016628 0.87355345]
print(walk(rng, 5))  # -> [1 2 1 0 1]
print(rng.standard_normal(), rng.integers(0, 10, 4), rng.normal(1.0, 2.0, size=2))  # -> -0.49220651855132963 [1 4 8 3] [1.71377402 1.2108285 ]
x = np.arange(6)
rng.shuffle(x)
print(x, rng.permutation(4), rng.choice(5, 2))  # -> [0 3 4 5 1 2] [2 1 0 3] [3 3]
other, k = made(7)
print(k, walk(other, 5), walk(rng=other, n=5))  # -> 8 [1 2 3 4 5] [ 1  2  1  0 -1]
