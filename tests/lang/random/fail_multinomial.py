import numpy as np
from numba import njit


@njit
def f(p):
    return np.random.multinomial(3, p)  # error: ValueError: pvals < 0, pvals > 1 or pvals contains NaNs


f(np.array([0.5, 1.5]))
