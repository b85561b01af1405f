# only: device
# Global arrays: frozen when the kernel is compiled, in constant memory.
import numpy as np
from numba import cuda

WEIGHTS = np.array([1.0, 4.0, 6.0, 4.0, 1.0])
TABLE = np.arange(12, dtype=np.int32).reshape(3, 4)
LARGE = np.arange(100000, dtype=np.float32)


@cuda.jit
def smooth(out, a):
    w = cuda.const.array_like(WEIGHTS)
    i = cuda.grid(1)
    if 2 <= i and i < a.size - 2:
        s = 0.0
        for k in range(5):
            s += w[k] * a[i + k - 2]
        out[i] = s / 16


@cuda.jit
def look_up(out):
    i, j = cuda.grid(2)
    table = cuda.const.array_like(TABLE)
    out[i, j] = table[i, j] * 10 + TABLE[2 - i, 3 - j] + LARGE[1000 * j]


a = np.arange(20.0) ** 2
out = np.zeros(20)
smooth[1, 32](out, a)
print(out[2:6], out[17])  # -> [ 5. 10. 17. 26.] 290.0
t = np.zeros((3, 4), dtype=np.int64)
look_up[(3, 4), (1, 1)](t)
print(t)
# -> [[  11 1020 2029 3038]
# ->  [  47 1056 2065 3074]
# ->  [  83 1092 2101 3110]]
