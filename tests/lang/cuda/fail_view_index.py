# only: simulator
import numpy as np
from numba import cuda

d = cuda.to_device(np.arange(4.0))
print(d[np.array([1, 2])])  # error: NotImplementedError: arrays on a device are indexed by numbers and slices
