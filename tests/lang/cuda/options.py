# only: device
# Options of kernels, functions of the device, launches by number of threads.
import numpy as np
from numba import cuda, float32, njit, void


@cuda.jit(device=True)
def clamp(x, lo, hi):
    return min(max(x, lo), hi)


@njit
def square(x):
    return x * x


@cuda.jit(void(float32[::1], float32[::1], float32), max_registers=40, launch_bounds=(128, 2), lineinfo=True)
def shape(out, x, limit):
    i = cuda.grid(1)
    if i < x.size:
        out[i] = clamp(square(x[i]), float32(0), limit)


@cuda.jit(fastmath=True)
def length(out, x, y):
    i = cuda.grid(1)
    if i < out.size:
        out[i] = (x[i] ** 2 + y[i] ** 2) ** 0.5


@cuda.jit(fma=False)
def residual(out, a, b):
    i = cuda.grid(1)
    out[i] = a[i] * a[i] - b[i]


x = np.arange(300, dtype=np.float32) / 10
out = np.zeros(300, dtype=np.float32)
shape.forall(300)(out, x, np.float32(100))
print(out[3] == x[3] * x[3], out[99] == x[99] * x[99], out[200], out[299])  # -> True True 100.0 100.0
length.forall(300, tpb=64)(out, x, x)
print(np.allclose(out, np.sqrt(2) * x, rtol=1e-6))  # -> True
a = np.linspace(1, 2, 50) * 1.1
r = np.zeros(50)
residual[1, 50](r, a, a * a)
print(np.all(r == 0))  # -> True
