"""gradient, trapezoid, unwrap, ediff1d."""
import numpy as np
from numba import njit


@njit
def case_1(x, y, m, i):
    return np.gradient(x), np.gradient(x, 0.5), np.gradient(m), np.gradient(m, axis=0), np.gradient(x, y), np.gradient(x, 2, edge_order=2), np.gradient(m, 1.0, 2.0), np.gradient(i), np.gradient(x, y, edge_order=2)


@njit
def case_2(x, y, m):
    return np.trapezoid(x), np.trapezoid(x, y), np.trapezoid(m, dx=0.5, axis=0), np.trapezoid(m, x=[0, 1, 3, 4])


@njit
def case_3(x, m):
    return np.unwrap(x * 3), np.unwrap(m * 4, axis=0), np.ediff1d(x), np.ediff1d(x, to_end=9.0, to_begin=np.array([1.0, 2.0]))


def show(r):
    if isinstance(r, tuple):
        for q in r:
            show(q)
    elif isinstance(r, np.ndarray):
        print(r.dtype, r.shape, np.round(r, 12).tolist())
    else:
        print(np.round(r, 12))


x = np.array([3.0, -1.5, 2.25, 7.0, 0.5])
y = np.array([1.0, 2.0, 4.0, 8.0, 16.0])
m = (np.arange(12).reshape(3, 4) * 7 % 11 - 3) * 0.5
i = np.array([5, 2, 8, 2, 5, 1, 9])
show(case_1(x, y, m, i))
# -> float64 (5,) [-4.5, -0.375, 4.25, -0.875, -6.5]
# -> float64 (5,) [-9.0, -0.75, 8.5, -1.75, -13.0]
# -> float64 (3, 4) [[3.0, -2.5, 3.0, -2.5], [0.25, 0.25, 0.25, -2.5], [-2.5, 3.0, -2.5, -2.5]]
# -> float64 (3, 4) [[3.5, 0.75, 0.75, 3.5], [-2.0, 0.75, 0.75, -2.0], [3.5, 0.75, -2.0, -2.0]]
# -> float64 (3, 4) [[3.0, -2.5, 3.0, -2.5], [0.25, 0.25, 0.25, -2.5], [-2.5, 3.0, -2.5, -2.5]]
# -> float64 (5,) [-4.5, -2.375, 1.645833333333, 0.520833333333, -0.8125]
# -> float64 (5,) [-4.3125, -0.1875, 2.125, -0.4375, -6.0625]
# -> float64 (3, 4) [[3.0, -2.5, 3.0, -2.5], [0.25, 0.25, 0.25, -2.5], [-2.5, 3.0, -2.5, -2.5]]
# -> float64 (3, 4) [[1.75, 0.375, 0.375, 1.75], [-1.0, 0.375, 0.375, -1.0], [1.75, 0.375, -1.0, -1.0]]
# -> float64 (7,) [-3.0, 1.5, 0.0, -1.5, -0.5, 2.0, 8.0]
# -> float64 (5,) [-6.625, -2.375, 1.645833333333, 0.520833333333, -2.145833333333]
show(case_2(x, y, m))
# -> 9.5
# -> 50.0
# -> float64 (4,) [0.125, 0.875, 1.625, 1.0]
# -> float64 (3,) [4.0, 5.0, 3.25]
show(case_3(x, m))
# -> float64 (5,) [9.0, 8.066370614359, 6.75, 8.433629385641, 7.78318530718]
# -> float64 (3, 4) [[-6.0, 8.0, 0.0, 14.0], [-6.566370614359, 10.566370614359, -0.566370614359, 16.566370614359], [-4.0, 10.0, 2.0, 19.132741228718]]
# -> float64 (4,) [-4.5, 3.75, 4.75, -6.5]
# -> float64 (7,) [1.0, 2.0, -4.5, 3.75, 4.75, -6.5, 9.0]
show((np.gradient(m), np.trapezoid(x, y), np.gradient([1, 4, 9])))
# -> float64 (3, 4) [[3.0, -2.5, 3.0, -2.5], [0.25, 0.25, 0.25, -2.5], [-2.5, 3.0, -2.5, -2.5]]
# -> float64 (3, 4) [[3.5, 0.75, 0.75, 3.5], [-2.0, 0.75, 0.75, -2.0], [3.5, 0.75, -2.0, -2.0]]
# -> 50.0
# -> float64 (3,) [3.0, 4.0, 5.0]
