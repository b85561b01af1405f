# Of all iterations that fail, the first one's exception comes out, whichever thread is there first.
import numpy as np
from numba import njit, prange


@njit(parallel=True)
def f(a):
    for i in prange(a.size):
        if a[i] % 1000 == 999:
            raise ValueError("no", i)  # error: ValueError: ('no', 999)
        a[i] = 0


f(np.arange(200000))
