# only: device
# debug=True: exceptions, and divisions by zero as Python has them.
import numpy as np
from numba import cuda


@cuda.jit(debug=True)
def divide(out, x, y):
    i = cuda.grid(1)
    if x[i] < 0:
        raise ValueError("negative")
    out[i] = x[i] // y[i]  # error: ZeroDivisionError: integer division or modulo by zero, in thread (3, 0, 0) of block (0, 0, 0)


out = np.zeros(4, dtype=np.int64)
divide[1, 4](out, np.array([7, 8, 9, 10]), np.array([2, 3, 4, 0]))
