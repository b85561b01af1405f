# only: device
# Ufuncs with target='cuda': on host arrays and arrays of the device, with broadcasting, out= and where=.
import numpy as np
from numba import cuda, float32, float64, int64, vectorize


@vectorize(target='cuda')
def f(a, b):
    return a * b + 1


x = np.arange(6.0)
print(f(x, x), f(x, 2.0), f(2, 3))  # -> [ 1.  2.  5. 10. 17. 26.] [ 1.  3.  5.  7.  9. 11.] 7
print(f(x.reshape(2, 3), np.array([1.0, 10.0, 100.0])).tolist())  # -> [[1.0, 11.0, 201.0], [4.0, 41.0, 501.0]]
print(f(x[::2], x[::-2]))  # -> [1. 7. 5.]
out = np.zeros(6)
print(f(x, x, out) is out, out)  # -> True [ 1.  2.  5. 10. 17. 26.]
print(f(x, x, out=np.full(6, -1.0), where=x > 2))  # -> [-1. -1. -1. 10. 17. 26.]
print(f(np.arange(3, dtype=np.int32), np.arange(3, dtype=np.int32)).dtype)  # -> int64


@vectorize([float32(float32, float32), float64(float64, float64)], target='cuda')
def g(a, b):
    return a - b if a > b else b - a


print(g(np.arange(3, dtype=np.float32), np.float32(1)), g(np.arange(3, dtype=np.float32), np.float32(1)).dtype)  # -> [1. 0. 1.] float32
print(g(np.arange(3), 1), g(np.arange(3), 1).dtype)  # -> [1. 0. 1.] float64

d = cuda.to_device(np.arange(1001, dtype=np.float32))
e = g(d, d)
h = f(d, d)
print(type(e) is type(d), e.dtype, e.copy_to_host().sum(), h.copy_to_host()[-1] == 1000001)  # -> True float32 0.0 True
to = cuda.device_array(1001, np.float32)
f(d, d, out=to)
print(to.copy_to_host()[3], f(d, np.float32(2)).copy_to_host()[4])  # -> 10.0 9.0
big = np.arange(3000000, dtype=np.float32)
print(np.all(f(big, big) == big * big + 1))  # -> True
