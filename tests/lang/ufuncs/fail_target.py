"""What a GPU runs of a kernel with @njit are its parallel loops."""
from numba import njit


@njit(target='cuda')  # error: target='cuda' of a kernel goes with parallel=True [bad-option]
def f(x):
    return x
