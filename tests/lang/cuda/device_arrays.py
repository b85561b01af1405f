# only: device
# Arrays that stay on the device between launches.
import numpy as np
from numba import cuda


@cuda.jit
def step(new, old):
    i = cuda.grid(1)
    if 0 < i and i < old.size - 1:
        new[i] = 0.5 * (old[i - 1] + old[i + 1])


print(cuda.is_available())  # -> True
a = cuda.to_device(np.arange(10.0) ** 2)
b = cuda.to_device(np.zeros(10))
print(b.shape, b.ndim, b.size, b.dtype)  # -> (10,) 1 10 float64
for _ in range(2):
    step[1, 32](b, a)
    step[1, 32](a, b)
cuda.synchronize()
print(a.copy_to_host())  # -> [ 0.     3.375  7.5   12.875 20.    29.    29.75  52.5   15.75  81.   ]

c = cuda.device_array((3, 4), np.float32)
host = np.zeros((3, 4), np.float32)
c.copy_to_host(host)
print(c.nbytes, host.shape, cuda.device_array_like(c).shape)  # -> 48 (3, 4) (3, 4)
