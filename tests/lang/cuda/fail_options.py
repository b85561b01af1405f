from numba import cuda


@cuda.jit(boundscheck=True)  # error: boundscheck=True in @cuda.jit is not supported [not-supported]
def checked(x):
    x[0] = 1
