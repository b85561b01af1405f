"""cumsum, cumprod and diff along axes."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(m, u, f32):
    return np.cumsum(m), np.cumsum(m, axis=0), np.cumsum(m, 1), m.cumsum(axis=-1), np.cumsum(u), np.cumsum(f32, dtype=np.float64)


@njit
def case_2(t, b, c, u, e, mf, ms):
    return np.cumsum(mf, axis=0), np.cumsum(ms), np.cumsum(t, axis=1), np.cumsum(b, axis=1), np.cumsum(u, dtype=np.uint8), np.cumsum(c, axis=0), np.cumsum(e)


@njit
def case_3(x, n, t, f32):
    return np.cumprod(n, axis=0), np.cumprod(x), n.cumprod(), np.cumprod(f32), np.cumprod(t, -1), np.cumsum((1, 2, 3))


@njit
def case_4(w, n, mn):
    return np.nancumsum(w), np.nancumprod(mn, axis=1), np.nancumsum(n)


@njit
def case_5(x):
    z = np.zeros(5)
    np.cumsum(x, out=z)
    return z


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
w = np.array([3.0, np.nan, 1.0, -2.0, np.nan, 7.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
mn = np.where(n % 3 == 0, np.nan, m)
t = np.arange(24).reshape(2, 3, 4) * 7 % 23
b = n > 1
c = m + 1j * n
u = np.array([200, 3, 77, 3], dtype=np.uint8)
f32 = np.array([1.5, -2.0, 0.25], dtype=np.float32)
e = np.zeros(0)
mf = np.asfortranarray(m)
ms = m[::-1, ::2]
show(case_1(m, u, f32))
# -> float64 (12,) [-1.5, 0.5, 0.5, 4.0, 5.5, 5.0, 8.0, 9.0, 8.0, 10.5, 11.0, 9.5]
# -> float64 (3, 4) [[-1.5, 2.0, 0.0, 3.5], [0.0, 1.5, 3.0, 4.5], [-1.0, 4.0, 3.5, 3.0]]
# -> float64 (3, 4) [[-1.5, 0.5, 0.5, 4.0], [1.5, 1.0, 4.0, 5.0], [-1.0, 1.5, 2.0, 0.5]]
# -> float64 (3, 4) [[-1.5, 0.5, 0.5, 4.0], [1.5, 1.0, 4.0, 5.0], [-1.0, 1.5, 2.0, 0.5]]
# -> uint64 (4,) [200, 203, 280, 283]
# -> float64 (3,) [1.5, -0.5, -0.25]
show(case_2(t, b, c, u, e, mf, ms))
# -> float64 (3, 4) [[-1.5, 2.0, 0.0, 3.5], [0.0, 1.5, 3.0, 4.5], [-1.0, 4.0, 3.5, 3.0]]
# -> float64 (6,) [-1.0, -0.5, 1.0, 4.0, 2.5, 2.5]
# -> int64 (2, 3, 4) [[[0, 7, 14, 21], [5, 19, 33, 24], [15, 36, 34, 32]], [[15, 22, 6, 13], [35, 26, 17, 31], [37, 35, 33, 31]]]
# -> int64 (3, 4) [[0, 0, 1, 1], [1, 2, 2, 3], [0, 1, 2, 2]]
# -> uint8 (4,) [200, 203, 24, 27]
# -> complex128 (3, 4) [[(-1.5-4j), (2+1j), 6j, (3.5-2j)], [-1j, (1.5+9j), (3+6j), (4.5+3j)], [(-1-4j), (4+11j), (3.5+13j), (3+2j)]]
# -> float64 (0,) []
show(case_3(x, n, t, f32))
# -> int64 (3, 4) [[-4, 1, 6, -2], [-12, 8, 0, -10], [36, 16, 0, 10]]
# -> float64 (5,) [3.0, -4.5, -10.125, -70.875, -35.4375]
# -> int64 (12,) [-4, -4, -24, 48, 144, 1152, 0, 0, 0, 0, 0, 0]
# -> float32 (3,) [1.5, -3.0, -0.75]
# -> int64 (2, 3, 4) [[[0, 0, 0, 0], [5, 60, 1140, 3420], [10, 170, 170, 1360]], [[15, 330, 1980, 25740], [20, 80, 880, 15840], [2, 18, 288, 0]]]
# -> int64 (3,) [1, 3, 6]
show(case_4(w, n, mn))
# -> float64 (6,) [3.0, 3.0, 4.0, 2.0, 2.0, 9.0]
# -> float64 (3, 4) [[-1.5, -3.0, -3.0, -10.5], [1.0, -0.5, -0.5, -0.5], [1.0, 2.5, 1.25, -1.875]]
# -> int64 (12,) [-4, -3, 3, 1, 4, 12, 12, 17, 14, 16, 23, 22]
show(case_5(x))  # -> float64 (5,) [3.0, 1.5, 3.75, 10.75, 11.25]
show((np.cumsum(m, axis=0), np.cumsum([1, 2, 3]), m.cumsum(), np.cumprod(u, dtype=np.uint8)))
# -> float64 (3, 4) [[-1.5, 2.0, 0.0, 3.5], [0.0, 1.5, 3.0, 4.5], [-1.0, 4.0, 3.5, 3.0]]
# -> int64 (3,) [1, 3, 6]
# -> float64 (12,) [-1.5, 0.5, 0.5, 4.0, 5.5, 5.0, 8.0, 9.0, 8.0, 10.5, 11.0, 9.5]
# -> uint8 (4,) [200, 88, 120, 104]
