# Arrays made in kernels: functions, dtypes, returned, returned as views, in tuples, in loops.
import numpy as np
from numba import njit


@njit
def make(n):
    return np.zeros(n), np.ones((2, n)), np.full(n, 7), np.full((1, 2), 2.5), np.arange(n), np.arange(1.0, 2.0, 0.25), np.linspace(0, 1, 5)


@njit
def typed(n):
    return np.zeros(n, dtype=np.int8), np.ones(n, np.complex128), np.zeros((n,), dtype=np.bool_), np.empty(0, np.float32)


@njit
def like(a):
    b = np.zeros_like(a)
    c = np.ones_like(a)
    b[0] = 3
    return b, c, np.empty_like(a).shape, np.full_like(a, 4)


@njit
def view(n):
    a = np.arange(n)
    return a[2:], a[::-2]


@njit
def churn(n):
    s = 0.0
    for i in range(n):
        t = np.full(i + 1, 0.5)
        v = t[:1]
        if i % 3 == 0:
            continue
        s += t.size + v[0]
        t = np.zeros(2)
        s += t[0]
    return s


@njit
def dtype_argument(n, dt):
    a = np.zeros(n, dtype=dt)
    a[0] = 1.75
    return a


for x in make(3):
    print(x.shape, x.dtype, x.size)
# -> (3,) float64 3
# -> (2, 3) float64 6
# -> (3,) int64 3
# -> (1, 2) float64 2
# -> (3,) int64 3
# -> (4,) float64 4
# -> (5,) float64 5
for x in typed(2):
    print(x)
# -> [0 0]
# -> [1.+0.j 1.+0.j]
# -> [False False]
# -> []
print(like(np.array([1, 2]))[0], like(np.array([1.5, 2]))[3])  # -> [3 0] [4. 4.]
print(view(6)[0], view(6)[1])  # -> [2 3 4 5] [5 3 1]
print(churn(10))  # -> 36.0
print(dtype_argument(2, np.int32), dtype_argument(2, np.float32))  # -> [1 0] [1.75 0.  ]
