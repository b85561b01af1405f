# The ends of the integers: the least int64, Python's integers beside narrow ones, integers above int64 in scripts.
import numpy as np
from numba import njit


@njit
def least(n=-9223372036854775808):
    x = -9223372036854775808
    return x, -0x8000000000000000, x == n, x + 1, 9223372036854775808 > 0


@njit
def inner():
    def f(n=-9223372036854775808):
        return n

    return f()


print(least())  # -> (-9223372036854775808, -9223372036854775808, True, -9223372036854775807, True)
print(inner())  # -> -9223372036854775808
x = 2**63
print(x, x + 1, 2**63 - 1, 1 << 63, np.uint64(2**63))  # -> 9223372036854775808 9223372036854775809 9223372036854775807 9223372036854775808 9223372036854775808


@njit
def plus(a, n):
    return a + n


@njit
def fits(a):
    return a + 255, a * 0, a < 300, a == -1, np.int8(-128)


a = np.zeros(2, np.uint8)
for n in (255, 0, 7):
    print(plus(a, n))
# -> [255 255]
# -> [0 0]
# -> [7 7]
for dtype in (np.int8, np.int16, np.int32, np.int64, np.uint16, np.uint32, np.uint64, np.float32):
    for n in (0, 127):
        print(plus(np.zeros(1, dtype), n), plus(np.zeros(1, dtype), n).dtype)
# -> [0] int8
# -> [127] int8
# -> [0] int16
# -> [127] int16
# -> [0] int32
# -> [127] int32
# -> [0] int64
# -> [127] int64
# -> [0] uint16
# -> [127] uint16
# -> [0] uint32
# -> [127] uint32
# -> [0] uint64
# -> [127] uint64
# -> [0.] float32
# -> [127.] float32
print(plus(np.zeros(1, np.int8), -128), plus(np.zeros(1, np.uint32), 2**32 - 1))  # -> [-128] [4294967295]
print(*fits(a))  # -> [255 255] [0 0] [ True  True] [False False] -128
