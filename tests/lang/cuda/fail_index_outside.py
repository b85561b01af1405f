from numba import cuda, njit


@njit
def where():
    return cuda.threadIdx.x + 1  # error: cuda.threadIdx.x outside of kernels with @cuda.jit is not supported [not-supported]


print(where())
