# only: simulator
from numba import cuda


@cuda.reduce(1)  # error: @cuda.reduce stands alone, and takes no arguments [bad-decorator]
def total(a, b):
    return a + b
