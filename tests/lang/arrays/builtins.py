# Creation, copies and shape functions, for every layout and dtype.
import numpy as np
from numba import njit


@njit
def created(n):
    return (np.empty(n).size, np.zeros((n, 2)), np.ones(n, dtype=np.int32), np.full((2, n), 7), np.full(n, 1.5, np.float32),
            np.zeros((2, n), np.complex64), np.ones((n, 2), order="F"), np.zeros(n, dtype="f4"), np.zeros((), dtype=bool))


@njit
def ranges():
    return (np.arange(5), np.arange(1, 6, 2), np.arange(5, 0, -2), np.arange(0.0, 1.0, 0.3), np.arange(3, dtype=np.float32),
            np.arange(5, 1), np.arange(1.5), np.arange(0, 3, 0.5), np.arange(2, 8, 3, np.int16), np.arange(0, 2.5, 0.5, dtype=np.int64))


@njit
def spaces():
    return (np.linspace(0.0, 1.0, 5), np.linspace(0, 10, 4, endpoint=False), np.linspace(1, 2, 1), np.linspace(0, 1, 0),
            np.linspace(0, 5, 6, dtype=np.int32), np.linspace(2.0, 2.0, 3), np.linspace(1.0, -1.0, num=3, retstep=True),
            np.linspace(1j, 2, 3), np.linspace(np.float32(0), 1.0, 3))


@njit
def like(a):
    return (np.zeros_like(a), np.ones_like(a), np.full_like(a, 3), np.empty_like(a).shape, np.zeros_like(a, dtype=np.int8),
            np.full_like(a, 2.7, np.float64))


@njit
def matrices():
    return np.eye(3), np.eye(2, 4, 1), np.eye(3, k=-1, dtype=np.int64), np.identity(2, np.float32)


@njit
def literals(x):
    return (np.array([1, 2, 3]), np.array((1.0, 2)), np.array([[1, 2], [3, 4]]), np.array([x, 1.0]), np.array([True, False]),
            np.array([1, 2], dtype=np.float32), np.array([[[1j]]]), np.array(5), np.asarray([x, x]))


@njit
def copies(a):
    b = np.copy(a)
    c = a.copy()
    d = a.astype(np.int16)
    e = np.ascontiguousarray(a)
    f = np.asfortranarray(a)
    b[0, 0] = 99
    c.fill(4)
    return a[0, 0], b, c, d, e, f, np.asarray(a, dtype=np.float32)


@njit
def shapes(a):
    r = a.reshape(3, 2)
    r[0, 1] = -5
    return (np.shape(a), np.ndim(a), np.size(a), a.reshape((6,)), a.reshape(-1), a.reshape(2, -1), np.reshape(a, (1, -1, 3)),
            a.ravel(), a.flatten(), a.T, a.transpose(), np.transpose(a, (1, 0)), a.reshape(1, 6, 1).shape, a.item(1, 2), a.item(4))


def show(*values):
    for v in values:
        if isinstance(v, tuple):
            show(*v)
        elif isinstance(v, np.ndarray):
            print(v.dtype, v.shape, v.ravel())
        else:
            print(v)


show(created(3)[1:])
# -> float64 (3, 2) [0. 0. 0. 0. 0. 0.]
# -> int32 (3,) [1 1 1]
# -> int64 (2, 3) [7 7 7 7 7 7]
# -> float32 (3,) [1.5 1.5 1.5]
# -> complex64 (2, 3) [0.+0.j 0.+0.j 0.+0.j 0.+0.j 0.+0.j 0.+0.j]
# -> float64 (3, 2) [1. 1. 1. 1. 1. 1.]
# -> float32 (3,) [0. 0. 0.]
# -> bool () [False]
show(ranges())
# -> int64 (5,) [0 1 2 3 4]
# -> int64 (3,) [1 3 5]
# -> int64 (3,) [5 3 1]
# -> float64 (4,) [0.  0.3 0.6 0.9]
# -> float32 (3,) [0. 1. 2.]
# -> int64 (0,) []
# -> float64 (2,) [0. 1.]
# -> float64 (6,) [0.  0.5 1.  1.5 2.  2.5]
# -> int16 (2,) [2 5]
# -> int64 (5,) [0 0 0 0 0]
show(spaces())
# -> float64 (5,) [0.   0.25 0.5  0.75 1.  ]
# -> float64 (4,) [0.  2.5 5.  7.5]
# -> float64 (1,) [1.]
# -> float64 (0,) []
# -> int32 (6,) [0 1 2 3 4 5]
# -> float64 (3,) [2. 2. 2.]
# -> float64 (3,) [ 1.  0. -1.]
# -> -1.0
# -> complex128 (3,) [0.+1.j  1.+0.5j 2.+0.j ]
# -> float32 (3,) [0.  0.5 1. ]
a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
show(like(a))
# -> float64 (2, 3) [0. 0. 0. 0. 0. 0.]
# -> float64 (2, 3) [1. 1. 1. 1. 1. 1.]
# -> float64 (2, 3) [3. 3. 3. 3. 3. 3.]
# -> 2
# -> 3
# -> int8 (2, 3) [0 0 0 0 0 0]
# -> float64 (2, 3) [2.7 2.7 2.7 2.7 2.7 2.7]
show(like(np.array([[1, 2], [3, 4]], dtype=np.int32)))
# -> int32 (2, 2) [0 0 0 0]
# -> int32 (2, 2) [1 1 1 1]
# -> int32 (2, 2) [3 3 3 3]
# -> 2
# -> 2
# -> int8 (2, 2) [0 0 0 0]
# -> float64 (2, 2) [2.7 2.7 2.7 2.7]
show(like(a.T))
# -> float64 (3, 2) [0. 0. 0. 0. 0. 0.]
# -> float64 (3, 2) [1. 1. 1. 1. 1. 1.]
# -> float64 (3, 2) [3. 3. 3. 3. 3. 3.]
# -> 3
# -> 2
# -> int8 (3, 2) [0 0 0 0 0 0]
# -> float64 (3, 2) [2.7 2.7 2.7 2.7 2.7 2.7]
show(matrices())
# -> float64 (3, 3) [1. 0. 0. 0. 1. 0. 0. 0. 1.]
# -> float64 (2, 4) [0. 1. 0. 0. 0. 0. 1. 0.]
# -> int64 (3, 3) [0 0 0 1 0 0 0 1 0]
# -> float32 (2, 2) [1. 0. 0. 1.]
show(literals(2))
# -> int64 (3,) [1 2 3]
# -> float64 (2,) [1. 2.]
# -> int64 (2, 2) [1 2 3 4]
# -> float64 (2,) [2. 1.]
# -> bool (2,) [ True False]
# -> float32 (2,) [1. 2.]
# -> complex128 (1, 1, 1) [0.+1.j]
# -> int64 () [5]
# -> int64 (2,) [2 2]
show(literals(np.float32(2)))
# -> int64 (3,) [1 2 3]
# -> float64 (2,) [1. 2.]
# -> int64 (2, 2) [1 2 3 4]
# -> float64 (2,) [2. 1.]
# -> bool (2,) [ True False]
# -> float32 (2,) [1. 2.]
# -> complex128 (1, 1, 1) [0.+1.j]
# -> int64 () [5]
# -> float32 (2,) [2. 2.]
show(copies(a))
# -> 1.0
# -> float64 (2, 3) [99.  2.  3.  4.  5.  6.]
# -> float64 (2, 3) [4. 4. 4. 4. 4. 4.]
# -> int16 (2, 3) [1 2 3 4 5 6]
# -> float64 (2, 3) [1. 2. 3. 4. 5. 6.]
# -> float64 (2, 3) [1. 2. 3. 4. 5. 6.]
# -> float32 (2, 3) [1. 2. 3. 4. 5. 6.]
show(copies(a.T))
# -> 1.0
# -> float64 (3, 2) [99.  4.  2.  5.  3.  6.]
# -> float64 (3, 2) [4. 4. 4. 4. 4. 4.]
# -> int16 (3, 2) [1 4 2 5 3 6]
# -> float64 (3, 2) [1. 4. 2. 5. 3. 6.]
# -> float64 (3, 2) [1. 4. 2. 5. 3. 6.]
# -> float32 (3, 2) [1. 4. 2. 5. 3. 6.]
show(copies(a[:, ::2]))
# -> 1.0
# -> float64 (2, 2) [99.  3.  4.  6.]
# -> float64 (2, 2) [4. 4. 4. 4.]
# -> int16 (2, 2) [1 3 4 6]
# -> float64 (2, 2) [1. 3. 4. 6.]
# -> float64 (2, 2) [1. 3. 4. 6.]
# -> float32 (2, 2) [1. 3. 4. 6.]
show(shapes(a.copy()))
# -> 2
# -> 3
# -> 2
# -> 6
# -> float64 (6,) [ 1. -5.  3.  4.  5.  6.]
# -> float64 (6,) [ 1. -5.  3.  4.  5.  6.]
# -> float64 (2, 3) [ 1. -5.  3.  4.  5.  6.]
# -> float64 (1, 2, 3) [ 1. -5.  3.  4.  5.  6.]
# -> float64 (6,) [ 1. -5.  3.  4.  5.  6.]
# -> float64 (6,) [ 1. -5.  3.  4.  5.  6.]
# -> float64 (3, 2) [ 1.  4. -5.  5.  3.  6.]
# -> float64 (3, 2) [ 1.  4. -5.  5.  3.  6.]
# -> float64 (3, 2) [ 1.  4. -5.  5.  3.  6.]
# -> 1
# -> 6
# -> 1
# -> 6.0
# -> 5.0
