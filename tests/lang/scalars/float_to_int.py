# Floats as integers, out of range too: NumPy's results.
import numpy as np
from numba import njit


@njit
def convert(x, out8, out32, out64, uout8, uout32, uout64):
    for i in range(x.size):
        out8[i] = np.int8(x[i])
        out32[i] = np.int32(x[i])
        out64[i] = np.int64(x[i])
        uout8[i] = np.uint8(x[i])
        uout32[i] = np.uint32(x[i])
        uout64[i] = np.uint64(x[i])


def show(x):
    n = x.size
    outs = [np.zeros(n, dtype=np.int8), np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int64),
            np.zeros(n, dtype=np.uint8), np.zeros(n, dtype=np.uint32), np.zeros(n, dtype=np.uint64)]
    convert(x, outs[0], outs[1], outs[2], outs[3], outs[4], outs[5])
    for out in outs[:5]:
        print([int(v) for v in out])
    print([int(v // np.uint64(4)) for v in outs[5]])


show(np.array([300.7, -1.0, -1.9, 5e9, 1e300, -1e300, np.nan, np.inf, -np.inf, 2147483647.9, -2147483648.9]))
# -> [44, -1, -1, 0, 0, 0, 0, 0, 0, -1, 0]
# -> [300, -1, -1, -2147483648, -2147483648, -2147483648, -2147483648, -2147483648, -2147483648, 2147483647, -2147483648]
# -> [300, -1, -1, 5000000000, -9223372036854775808, -9223372036854775808, -9223372036854775808, -9223372036854775808, -9223372036854775808, 2147483647, -2147483648]
# -> [44, 255, 255, 0, 0, 0, 0, 0, 0, 255, 0]
# -> [300, 4294967295, 4294967295, 705032704, 0, 0, 0, 0, 0, 2147483647, 2147483648]
# -> [75, 4611686018427387903, 4611686018427387903, 1250000000, 0, 2305843009213693952, 2305843009213693952, 0, 2305843009213693952, 536870911, 4611686017890516992]
