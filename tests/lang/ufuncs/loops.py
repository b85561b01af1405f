"""Which of the declared loops of a function with @vectorize runs: the first that takes all operands safely."""
import numpy as np
from numba import float32, float64, int64, njit, vectorize


@vectorize(["int32(int32, int32)", "int64(int64, int64)", "float32(float32, float32)", "float64(float64, float64)"])
def add(a, b):
    return a + b


@vectorize([float32(float32), float64(float64)], nopython=True, cache=False)
def half(x):
    return x / 2


@vectorize("f8(f8)", target="cpu")
def third(x):
    return x / 3


@vectorize([float64(int64, float64)], fastmath=True, target="parallel")
def power(n, x):
    out = 1.0
    for _ in range(n):
        out *= x
    return out


@njit
def in_kernel(i, x):
    return add(i, i), add(i, x), add(x, x), half(x), third(x), power(i, x)


for i, x in ((np.int8, np.float32), (np.int32, np.float32), (np.uint32, np.float64), (np.int64, np.float32)):
    for r in in_kernel(np.arange(3, dtype=i), np.arange(3, dtype=x) + x(0.5)):
        print(r.dtype, r)
# -> int32 [0 2 4]
# -> float32 [0.5 2.5 4.5]
# -> float32 [1. 3. 5.]
# -> float32 [0.25 0.75 1.25]
# -> float64 [0.16666667 0.5        0.83333333]
# -> float64 [1.   1.5  6.25]
# -> int32 [0 2 4]
# -> float64 [0.5 2.5 4.5]
# -> float32 [1. 3. 5.]
# -> float32 [0.25 0.75 1.25]
# -> float64 [0.16666667 0.5        0.83333333]
# -> float64 [1.   1.5  6.25]
# -> int64 [0 2 4]
# -> float64 [0.5 2.5 4.5]
# -> float64 [1. 3. 5.]
# -> float64 [0.25 0.75 1.25]
# -> float64 [0.16666667 0.5        0.83333333]
# -> float64 [1.   1.5  6.25]
# -> int64 [0 2 4]
# -> float64 [0.5 2.5 4.5]
# -> float32 [1. 3. 5.]
# -> float32 [0.25 0.75 1.25]
# -> float64 [0.16666667 0.5        0.83333333]
# -> float64 [1.   1.5  6.25]
print(add(np.int16(3), np.int32(4)), add(np.uint16(3), np.float32(4)), add(True, np.float32(2)))  # -> 7 7.0 3.0
print(add(np.arange(3, dtype=np.int32), 2).dtype, add(np.arange(3, dtype=np.float32), 2).dtype, add(np.arange(3, dtype=np.float32), 2.5).dtype)
# -> int32 float32 float32
print(half(np.arange(3)).dtype, half(np.ones(2, np.float32)).dtype, half(np.ones(2, np.int16)).dtype, half(np.ones(2, np.bool_)).dtype)
# -> float64 float32 float32 float32
