# only: device
# Loops over prange, and statements on arrays, of functions with target='cuda': kernels of the device, host arrays moved there and back.
import numpy as np
from numba import njit, prange


@njit(parallel=True, target='cuda')
def axpy(a, x, y):
    for i in prange(x.size):
        y[i] = a * x[i] + y[i]


x = np.arange(1003, dtype=np.float32)
y = np.ones(1003, dtype=np.float32)
axpy(np.float32(0.5), x, y)
print(y[0], y[1], y[1002])  # -> 1.0 1.5 502.0
print(np.all(y == x * np.float32(0.5) + np.float32(1)))  # -> True
z = np.zeros(2100)
axpy(2.0, np.arange(1050.0), z[::2])
print(z[:6], z[2098])  # -> [0. 0. 2. 0. 4. 0.] 2098.0
same = np.arange(5.0)
axpy(1.0, same, same)
print(same)  # -> [0. 2. 4. 6. 8.]


@njit(parallel=True, target='cuda')
def steps(a, b, n):
    for _ in range(n):
        for i in prange(1, a.shape[0] - 1):
            for j in range(1, a.shape[1] - 1):
                b[i, j] = 0.25 * (a[i - 1, j] + a[i + 1, j] + a[i, j - 1] + a[i, j + 1])
        a[:] = b
    return a[1, 1]


def steps_here(a, b, n):
    for _ in range(n):
        b[1:-1, 1:-1] = 0.25 * (a[:-2, 1:-1] + a[2:, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:])
        a[:] = b
    return a[1, 1]


a, b = np.arange(35.0).reshape(5, 7) ** 2, np.zeros((5, 7))
c, d = a.copy(), b.copy()
print(steps(a, b, 3) == steps_here(c, d, 3), np.all(a == c), np.all(b == d))  # -> True True True


@njit(parallel=True, target='cuda')
def arrays(x, y):
    t = x * 2 + y
    u = np.zeros_like(t)
    u[1:-1] = t[:-2] + t[2:]
    v = np.empty(x.size)
    v[:] = u - 1
    return v, u[2]


v, u2 = arrays(np.arange(6.0), np.ones(6))
print(v, u2)  # -> [-1.  5.  9. 13. 17. -1.] 10.0


@njit(parallel=True, target='cuda')
def broadcast(m, row, column):
    return m + row * column


print(broadcast(np.arange(6.0).reshape(2, 3), np.array([1.0, 2.0, 3.0]), np.array([[10.0], [100.0]])).tolist())  # -> [[10.0, 21.0, 32.0], [103.0, 204.0, 305.0]]


@njit(parallel=True, target='cuda')
def on_both(x):
    y = np.empty_like(x)
    for i in prange(x.size):
        y[i] = x[i] + 1
    y[0] = 100
    total = 0.0
    for i in range(y.size):
        total += y[i]
    for i in prange(x.size):
        y[i] = y[i] * 2
    return total, y


print(on_both(np.arange(4.0)))  # -> (109.0, array([200.,   4.,   6.,   8.]))


@njit(parallel=True, target='cuda')
def ranges(out, start, stop, step):
    for i in prange(start, stop, step):
        out[i] += i


out = np.zeros(12, np.int64)
ranges(out, 1, 12, 3)
ranges(out, 11, 0, -4)
print(out)  # -> [ 0  1  0  3  4  0  0 14  0  0 10 11]
