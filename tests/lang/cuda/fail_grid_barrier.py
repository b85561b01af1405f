from numba import cuda, njit


@njit
def meet():
    g = cuda.cg.this_grid()  # error: cuda.cg.this_grid outside of kernels with @cuda.jit is not supported [not-supported]
    g.sync()


meet()
