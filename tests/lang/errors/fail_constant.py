from numba import njit


@njit
def f(x):
    n = x + 1
    return (1, 2) * n  # error: the number of repetitions of a tuple must be a constant [not-constant]


f(1)
