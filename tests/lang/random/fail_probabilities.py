import numpy as np
from numba import njit


@njit
def f(p):
    return np.random.choice(p.size, p=p)  # error: ValueError: probabilities do not sum to 1


f(np.array([0.5, 0.75]))
