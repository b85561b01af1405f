# only: device
# debug=True: what fails in a kernel on arrays of the device is said where the device is waited for.
import numpy as np
from numba import cuda


@cuda.jit(debug=True)
def check(x):
    i, j = cuda.grid(2)
    assert x[i, j] < 5, "too large"  # error: AssertionError: too large, in thread (1, 1, 0) of block (1, 0, 0)


x = cuda.to_device(np.arange(12).reshape(4, 3) // 2 * 2 - 4)
check[(1, 1), (2, 2)](x)
cuda.synchronize()
check[(2, 1), (2, 3)](x)
cuda.synchronize()
