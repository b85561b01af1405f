# Reductions and products, for every layout and dtype.
import numpy as np
from numba import njit


@njit
def reductions(a):
    return (a.sum(), a.prod(), a.min(), a.max(), a.mean(), a.any(), a.all(), a.argmin(), a.argmax(), np.count_nonzero(a),
            np.sum(a), np.amin(a), np.amax(a))


@njit
def spread(a):
    return np.var(a), np.std(a), a.var(), a.std()


@njit
def products(a, b):
    return np.dot(a, b), a.dot(b), np.vdot(a, b), np.cumsum(a), np.cumprod(b), a.cumsum()


def show(*values):
    for v in values:
        if isinstance(v, tuple):
            show(*v)
        elif isinstance(v, np.ndarray):
            print(v.dtype, v.shape, v.ravel())
        else:
            print(v)


for dtype in [np.int8, np.uint16, np.int64, np.float32, np.float64]:
    m = np.array([[3, 1, 2], [7, 0, 5]], dtype=dtype)
    show(reductions(m))
    show(reductions(m.T))
    show(reductions(m[:, ::2]))
# -> 18
# -> 0
# -> 0
# -> 7
# -> 3.0
# -> True
# -> False
# -> 4
# -> 3
# -> 5
# -> 18
# -> 0
# -> 7
# -> 18
# -> 0
# -> 0
# -> 7
# -> 3.0
# -> True
# -> False
# -> 3
# -> 1
# -> 5
# -> 18
# -> 0
# -> 7
# -> 17
# -> 210
# -> 2
# -> 7
# -> 4.25
# -> True
# -> True
# -> 1
# -> 2
# -> 4
# -> 17
# -> 2
# -> 7
# -> 18
# -> 0
# -> 0
# -> 7
# -> 3.0
# -> True
# -> False
# -> 4
# -> 3
# -> 5
# -> 18
# -> 0
# -> 7
# -> 18
# -> 0
# -> 0
# -> 7
# -> 3.0
# -> True
# -> False
# -> 3
# -> 1
# -> 5
# -> 18
# -> 0
# -> 7
# -> 17
# -> 210
# -> 2
# -> 7
# -> 4.25
# -> True
# -> True
# -> 1
# -> 2
# -> 4
# -> 17
# -> 2
# -> 7
# -> 18
# -> 0
# -> 0
# -> 7
# -> 3.0
# -> True
# -> False
# -> 4
# -> 3
# -> 5
# -> 18
# -> 0
# -> 7
# -> 18
# -> 0
# -> 0
# -> 7
# -> 3.0
# -> True
# -> False
# -> 3
# -> 1
# -> 5
# -> 18
# -> 0
# -> 7
# -> 17
# -> 210
# -> 2
# -> 7
# -> 4.25
# -> True
# -> True
# -> 1
# -> 2
# -> 4
# -> 17
# -> 2
# -> 7
# -> 18.0
# -> 0.0
# -> 0.0
# -> 7.0
# -> 3.0
# -> True
# -> False
# -> 4
# -> 3
# -> 5
# -> 18.0
# -> 0.0
# -> 7.0
# -> 18.0
# -> 0.0
# -> 0.0
# -> 7.0
# -> 3.0
# -> True
# -> False
# -> 3
# -> 1
# -> 5
# -> 18.0
# -> 0.0
# -> 7.0
# -> 17.0
# -> 210.0
# -> 2.0
# -> 7.0
# -> 4.25
# -> True
# -> True
# -> 1
# -> 2
# -> 4
# -> 17.0
# -> 2.0
# -> 7.0
# -> 18.0
# -> 0.0
# -> 0.0
# -> 7.0
# -> 3.0
# -> True
# -> False
# -> 4
# -> 3
# -> 5
# -> 18.0
# -> 0.0
# -> 7.0
# -> 18.0
# -> 0.0
# -> 0.0
# -> 7.0
# -> 3.0
# -> True
# -> False
# -> 3
# -> 1
# -> 5
# -> 18.0
# -> 0.0
# -> 7.0
# -> 17.0
# -> 210.0
# -> 2.0
# -> 7.0
# -> 4.25
# -> True
# -> True
# -> 1
# -> 2
# -> 4
# -> 17.0
# -> 2.0
# -> 7.0
show(reductions(np.array([1.0, np.nan, 3.0, np.nan])))
# -> nan
# -> nan
# -> nan
# -> nan
# -> nan
# -> True
# -> True
# -> 1
# -> 1
# -> 4
# -> nan
# -> nan
# -> nan
show(np.array([True, False]).sum())
# -> 1
show(spread(np.array([1.0, 2.0, 4.0])))
# -> 1.5555555555555554
# -> 1.247219128924647
# -> 1.5555555555555554
# -> 1.247219128924647
show(spread(np.array([1, 2, 4])))
# -> 1.5555555555555554
# -> 1.247219128924647
# -> 1.5555555555555554
# -> 1.247219128924647
show(products(np.array([1.0, 2.0]), np.array([3.0, 4.0])))
# -> 11.0
# -> 11.0
# -> 11.0
# -> float64 (2,) [1. 3.]
# -> float64 (2,) [ 3. 12.]
# -> float64 (2,) [1. 3.]
show(products(np.array([1, 2]), np.array([3, 4])))
# -> 11
# -> 11
# -> 11
# -> int64 (2,) [1 3]
# -> int64 (2,) [ 3 12]
# -> int64 (2,) [1 3]
show(products(np.array([1 + 1j, 2j]), np.array([3j, 4 + 0j])))
# -> (-3+11j)
# -> (-3+11j)
# -> (3-5j)
# -> complex128 (2,) [1.+1.j 1.+3.j]
# -> complex128 (2,) [0. +3.j 0.+12.j]
# -> complex128 (2,) [1.+1.j 1.+3.j]
