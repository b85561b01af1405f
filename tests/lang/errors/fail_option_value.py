from numba import njit


@njit(error_model="fast")  # error: 'error_model' is 'python' or 'numpy' [bad-option]
def f(x):
    return x
