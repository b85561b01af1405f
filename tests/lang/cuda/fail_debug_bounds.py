# only: device
# debug=True: indices are checked, and the message says who came first in the grid.
import numpy as np
from numba import cuda


@cuda.jit(device=True)
def put(x, i):
    x[i] = 1  # error: IndexError: index 10 is out of bounds for axis 0 with size 10, in thread (2, 0, 0) of block (1, 0, 0)


@cuda.jit(debug=True, opt=False)
def fill(x):
    put(x, cuda.grid(1))


fill[2, 8](np.zeros(10))
