from numba import cuda


@cuda.jit
def kernel(x):
    x[0] = 1


kernel(3)  # error: ValueError: 'kernel' is a CUDA kernel, which is launched: kernel[blocks, threads](...)
