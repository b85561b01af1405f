from numba import cuda


@cuda.jit(debug=True)  # error: debug=True in @cuda.jit is not supported [not-supported]
def checked(x):
    x[0] = 1
