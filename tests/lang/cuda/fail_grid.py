from numba import cuda


@cuda.jit
def kernel(x):
    x[0] = 1


kernel[3](1)  # error: ValueError: a kernel is launched as kernel[blocks, threads](arguments)
