# only: device
# Arrays of the device as arguments stay there, and so do the arrays of the result.
import numpy as np
from numba import cuda, njit, prange


@njit(parallel=True, target='cuda')
def triad(x, y, a):
    return x + a * y


@njit(parallel=True, target='cuda')
def scale(x, a):
    for i in prange(x.size):
        x[i] *= a


@njit(parallel=True, target='cuda')
def norm(x):
    return (x * x).sum()


@njit(parallel=True, target='cuda')
def first(x):
    return x[0] + x[x.size - 1]


x, y = cuda.to_device(np.arange(1000.0)), cuda.to_device(np.ones(1000))
z = triad(x, y, 2.0)
print(type(z) is type(x), z.shape, z.dtype)  # -> True (1000,) float64
scale(z, 10.0)
print(z.copy_to_host()[:4], norm(z), first(z))  # -> [20. 30. 40. 50.] 33483550000.0 10030.0
for _ in range(3):
    z = triad(z, x, -1.0)
print(z.copy_to_host()[-3:])  # -> [6999. 7006. 7013.]


# Host and device arrays together: what the host gave is brought back.
@njit(parallel=True, target='cuda')
def both(d, h):
    for i in prange(d.size):
        h[i] = d[i] + 1
        d[i] = 0


host = np.empty(1000)
both(z, host)
print(host[:3], z.copy_to_host()[:3])  # -> [21. 28. 35.] [0. 0. 0.]


@njit(parallel=True, target='cuda')
def parts(x):
    return x, x[:5].copy(), x.size


whole, part, size = parts(x)
scale(whole, 2.0)
print(part.copy_to_host(), size, x.copy_to_host()[1])  # -> [0. 1. 2. 3. 4.] 1000 2.0
