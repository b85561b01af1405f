# Kernels and constants of another file.
import lib_common
from lib_common import clamp, LIMIT
from lib_common import clamp as limit
from numba import njit


@njit
def f(x):
    return clamp(x, 0, LIMIT), limit(x, -1, 1), lib_common.clamp(x, 2, lib_common.LIMIT)


print(f(25), f(-25), clamp(5, 1, 3))  # -> (10, 1, 10) (0, -1, 2) 3
