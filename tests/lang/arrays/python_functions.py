# Built-in functions of Python on arrays, tuples and numbers, and limits of types.
import numpy as np
from numba import njit


@njit
def python_functions(a, t):
    return (len(a), len(t), sum(a), sum(t), sum(t, 0.5), max(a), min(a), max(t), min(t), any(a), all(t), any(t), max(t[0], t[1], 7.0),
            sum(range(5)), max(range(3)), all(range(1, 3)))


@njit
def number_functions(i, x):
    return (abs(i), abs(x), divmod(i, 3), divmod(-i, 3), divmod(x, 0.5), pow(i, 2), pow(x, 2), pow(i, 5, 13), pow(-3, 5, 7),
            round(x), round(x, 1), round(i, -1), round(2.675, 2), round(0.15, 1), complex(x, i), i.bit_length(), x.is_integer())


@njit
def limits():
    return (np.finfo(np.float64).eps, np.finfo(np.float32).nmant, np.iinfo(np.int32).min, np.iinfo(np.uint8).max,
            np.finfo(np.float64).tiny, np.finfo(np.float32).bits, np.dtype(np.float32).itemsize)


def show(*values):
    for v in values:
        if isinstance(v, tuple):
            show(*v)
        elif isinstance(v, np.ndarray):
            print(v.dtype, v.shape, v.ravel())
        else:
            print(v)


show(python_functions(np.array([3.5, 1.0, 2.0]), (4.0, 2.5, 1.0)))
# -> 3
# -> 3
# -> 6.5
# -> 7.5
# -> 8.0
# -> 3.5
# -> 1.0
# -> 4.0
# -> 1.0
# -> True
# -> True
# -> True
# -> 7.0
# -> 10
# -> 2
# -> True
show(number_functions(17, 2.5))
# -> 17
# -> 2.5
# -> 5
# -> 2
# -> -6
# -> 1
# -> 5.0
# -> 0.0
# -> 289
# -> 6.25
# -> 10
# -> 2
# -> 2
# -> 2.5
# -> 20
# -> 2.67
# -> 0.1
# -> (2.5+17j)
# -> 5
# -> False
show(limits())
# -> 2.220446049250313e-16
# -> 23
# -> -2147483648
# -> 255
# -> 2.2250738585072014e-308
# -> 32
# -> 4
