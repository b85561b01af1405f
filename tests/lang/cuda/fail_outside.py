from numba import cuda, njit


@njit
def where():
    return cuda.grid(1)  # error: cuda.grid outside of kernels with @cuda.jit is not supported [not-supported]


print(where())
