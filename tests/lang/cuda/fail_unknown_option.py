from numba import cuda


@cuda.jit(parallel=True)  # error: 'parallel' is not an option of @cuda.jit [unknown-option]
def checked(x):
    x[0] = 1
