# np.argwhere.
import numpy as np


def argwhere(a: array):
    return np.stack(np.nonzero(a), axis=1)
