"""median, percentile, quantile, with and without nan."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(x, w, m, t, i, f32, e):
    return np.median(x), np.median(m), np.median(m, axis=0), np.median(t, axis=-1, keepdims=True), np.median(w), np.median(i), np.median(f32), np.median(e)


@njit
def case_2(x, w, m, t):
    return np.percentile(x, 50), np.percentile(m, 30, axis=0), np.percentile(x, [10, 50, 90]), np.quantile(x, 0.25), np.quantile(t, np.array([0.1, 0.5]), axis=1), np.percentile(x, 40, method='lower'), np.percentile(x, 40, method='nearest'), np.quantile(x, 0.4, method='midpoint'), np.quantile(x, 1.0), np.percentile(w, 5)


@njit
def case_3(w, mn):
    return np.nanmedian(w), np.nanmedian(mn, axis=0), np.nanpercentile(w, 25), np.nanquantile(mn, 0.5, axis=1)


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
w = np.array([3.0, np.nan, 1.0, -2.0, np.nan, 7.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
mn = np.where(n % 3 == 0, np.nan, m)
t = np.arange(24).reshape(2, 3, 4) * 7 % 23
i = np.array([5, 2, 8, 2, 5, 1, 9])
f32 = np.array([1.5, -2.0, 0.25], dtype=np.float32)
e = np.zeros(0)
show(case_1(x, w, m, t, i, f32, e))
# -> 2.25
# -> 0.75
# -> float64 (4,) [-1.0, 2.0, 0.5, 1.0]
# -> float64 (2, 3, 1) [[[10.5], [8.5], [9.0]], [[14.0], [14.5], [5.5]]]
# -> nan
# -> 5.0
# -> 0.25
# -> nan
show(case_2(x, w, m, t))
# -> 2.25
# -> float64 (4,) [-1.2, 1.0, 0.3, 0.0]
# -> float64 (3,) [-0.7, 2.25, 5.4]
# -> 0.5
# -> float64 (2, 2, 4) [[[1.0, 8.0, 3.6, 4.0], [4.6, 5.0, 7.0, 2.6]], [[5.0, 12.0, 14.0, 8.0], [15.0, 9.0, 11.0, 13.0]]]
# -> 0.5
# -> 2.25
# -> 1.375
# -> 7.0
# -> nan
show(case_3(w, mn))
# -> 2.0
# -> float64 (4,) [-1.5, 2.0, 0.5, 1.0]
# -> 0.25
# -> float64 (3,) [2.0, 0.25, 0.5]
show((np.median(m, axis=0), np.median([1, 2]), np.percentile(x, [10, 50]), np.quantile(m, 0.5, axis=1)))
# -> float64 (4,) [-1.0, 2.0, 0.5, 1.0]
# -> 1.5
# -> float64 (2,) [-0.7, 2.25]
# -> float64 (3,) [1.0, 1.25, -0.25]
