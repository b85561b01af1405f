# only: device
# Reductions of arrays by functions of two numbers.
import numpy as np
from numba import cuda


@cuda.reduce
def total(a, b):
    return a + b


largest = cuda.reduce(lambda a, b: a if a > b else b)
product = cuda.Reduce(lambda a, b: a * b)

right = 0
for n in (1, 2, 33, 256, 257, 5000, 140000):
    x = np.arange(n, dtype=np.float64) + 1
    right += int(total(x) == x.sum()) + int(largest(x[::-1]) == n)
print(right)  # -> 14
print(total(np.arange(1000)), total(np.arange(1000), size=10), total(np.arange(1000), init=500))  # -> 499500 45 500000
print(total(np.zeros(0), init=3.0), product(np.arange(1, 10)), product(np.arange(1, 10), init=1))  # -> 3.0 0 362880
print(total(np.arange(300) * 1j), total(np.full(5, 100, np.uint8)))  # -> 44850j 244
d = cuda.to_device(np.arange(1000.0))
res = cuda.to_device(np.zeros(3))
print(total(d, res=res, init=1), res.copy_to_host())  # -> None [499501.      0.      0.]
print(total(d[10:20]))  # -> 145.0
stream = cuda.stream()
print(total(d, stream=stream))  # -> 499500.0
