from numba import cuda, njit


@cuda.jit(device=True)
def half(x):
    return x / 2


@njit
def f(x):
    return half(x)  # error: a call of the device function 'half' outside of CUDA kernels is not supported [not-supported]


f(1.0)
