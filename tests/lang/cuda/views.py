# only: device
# Views of arrays on the device share their memory; elements are read and written from the host.
import numpy as np
from numba import cuda


@cuda.jit
def fill(a, v):
    i = cuda.grid(1)
    if i < a.size:
        a[i] = v + i


@cuda.jit
def add(a, v):
    i, j = cuda.grid(2)
    if i < a.shape[0] and j < a.shape[1]:
        a[i, j] += v


d = cuda.to_device(np.arange(24.0).reshape(4, 6))
print(d[1, 2], d[-1, -1], d.strides)  # -> 8.0 23.0 (48, 8)
row = d[2]
print(row.shape, row.copy_to_host())  # -> (6,) [12. 13. 14. 15. 16. 17.]
fill[1, 32](row, 100)
fill[1, 32](d[:, 1], -4)
print(d.copy_to_host()[:, :3])
# -> [[  0.  -4.   2.]
# ->  [  6.  -3.   8.]
# ->  [100.  -2. 102.]
# ->  [ 18.  -1.  20.]]
part = d[1:3, ::2]
print(part.shape, part.strides, part.is_c_contiguous())  # -> (2, 3) (48, 16) False
add[1, (8, 8)](part, 1000)
print(part.copy_to_host())
# -> [[1006. 1008. 1010.]
# ->  [1100. 1102. 1104.]]
print(d[::-1][0, 0], d.T.shape, d.T[1, 0])  # -> 18.0 (6, 4) -4.0

e = cuda.to_device(np.zeros((3, 4), np.int32))
e[1, 2] = 7
e[0] = 5
e[:, 3] = np.array([1, 2, 3], dtype=np.int32)
e[2, :2] = e[0, 1:3]
print(e.copy_to_host())
# -> [[5 5 5 1]
# ->  [0 0 7 2]
# ->  [5 5 0 3]]
f = e.reshape(2, 6)
f[1] = 9
print(e.ravel().copy_to_host())  # -> [5 5 5 1 0 0 9 9 9 9 9 9]
g = cuda.device_array_like(e)
g.copy_to_device(e)
print(g[2, 3], cuda.to_device(np.ones((3, 4), np.int32), to=g).copy_to_host().sum(), e[0, 0])  # -> 9 12 5
