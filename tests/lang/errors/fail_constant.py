from numba import njit


@njit
def f(x):
    return (1, 2) * x  # error: the number of repetitions of a tuple must be a constant [not-constant]


f(1)
