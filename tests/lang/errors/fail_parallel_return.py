from numba import njit, prange


@njit(parallel=True)
def f(n):
    for i in prange(n):
        while True:
            return i  # error: leaving a parallel loop by 'return' is not supported
    return 0


f(1000)
