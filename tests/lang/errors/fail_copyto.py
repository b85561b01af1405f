import numpy as np
from numba import njit


@njit
def f(a):
    np.copyto(a, 1.5)  # error: np.copyto() cannot cast these elements with casting='same_kind'; casting='unsafe' does


f(np.zeros(3, np.int64))
