# only: device
# The method reduce of ufuncs with target='cuda', by kernels.
import numpy as np
from numba import cuda, vectorize


@vectorize(target='cuda')
def add(a, b):
    return a + b


@vectorize(target='cuda')
def larger(a, b):
    return a if a > b else b


@vectorize(target='cuda')
def apart(a, b):
    return abs(a - b) * 0.5


right = 0
for n in (1, 31, 32, 33, 255, 256, 257, 300, 2049, 70000):
    x = np.arange(n, dtype=np.float64)
    right += int(add.reduce(x) == x.sum()) + int(larger.reduce(x[::-1]) == n - 1)
print(right)  # -> 20
print(add.reduce(np.arange(1000, dtype=np.float32)), add.reduce(np.arange(300) * 1j))  # -> 499500.0 44850j
m = np.arange(3000.0).reshape(10, 300)
right = 0
for x in (m, m.T, m.reshape(10, 20, 15), np.arange(40000).reshape(2000, 20), np.arange(40000).reshape(4, 10000)):
    for axis in range(x.ndim):
        right += np.all(add.reduce(x, axis) == x.sum(axis)) and np.all(larger.reduce(x, axis=axis) == x.max(axis))
    right += add.reduce(x, axis=None) == x.sum() and np.all(add.reduce(x, axis=-1) == x.sum(-1))
print(right)  # -> 16
d = cuda.to_device(m)
rows = add.reduce(d, axis=1)
print(type(rows) is type(d), rows.shape, rows.copy_to_host()[9], add.reduce(d, axis=None))  # -> True (10,) 854850.0 4498500.0
print(add.reduce(m, initial=1.0)[0])  # -> 13501.0
print(add.reduce(m, keepdims=True).shape, apart.reduce(np.arange(4)))  # -> (1, 300) 1.125
