"""Reductions that leave out nan."""
import numpy as np
from lib_show import show
from numba import njit


@njit
def case_1(w, n, mn, i, f32):
    return np.nansum(w), np.nansum(mn, axis=0), np.nanmean(mn, axis=1), np.nanmean(w), np.nanstd(w), np.nanvar(mn, axis=0, ddof=1), np.nanmin(w), np.nanmax(mn, axis=0), np.nanprod(mn, axis=1), np.nansum(n), np.nanmean(i), np.nanmax(f32)


@njit
def case_2(w, mn):
    return np.nanargmin(w), np.nanargmax(mn, axis=0), np.nanmin(mn, axis=1, keepdims=True), np.nanvar(mn), np.nanmean(mn, axis=(0, 1))


w = np.array([3.0, np.nan, 1.0, -2.0, np.nan, 7.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
n = np.arange(12).reshape(3, 4) * 5 % 13 - 4
mn = np.where(n % 3 == 0, np.nan, m)
i = np.array([5, 2, 8, 2, 5, 1, 9])
f32 = np.array([1.5, -2.0, 0.25], dtype=np.float32)
show(case_1(w, n, mn, i, f32))
# -> 9.0
# -> float64 (4,) [-1.5, 4.0, 0.5, 3.0]
# -> float64 (3,) [1.333333333333, 0.25, 0.5]
# -> 2.25
# -> 3.269174207656
# -> float64 (4,) [nan, 2.583333333333, nan, 6.25]
# -> -2.0
# -> float64 (4,) [-1.5, 2.5, 0.5, 3.5]
# -> float64 (3,) [-10.5, -0.5, -1.875]
# -> 22
# -> 4.571428571429
# -> 1.5
show(case_2(w, mn))
# -> 3
# -> int64 (4,) [0, 2, 2, 0]
# -> float64 (3, 1) [[-1.5], [-0.5], [-1.5]]
# -> 3.0
# -> 0.75
show((np.nansum(w), np.nanmean(mn, axis=0), np.nanmax(mn)))
# -> 9.0
# -> float64 (4,) [-1.5, 1.333333333333, 0.5, 1.0]
# -> 3.5
