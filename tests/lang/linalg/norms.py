# numpy.linalg: norm, cond, matrix_rank, pinv, matrix_power; np.kron, np.trace.
import numpy as np
from numba import njit


@njit
def vector_norms(x):
    return (np.linalg.norm(x), np.linalg.norm(x, 2), np.linalg.norm(x, 1), np.linalg.norm(x, np.inf),
            np.linalg.norm(x, -np.inf), np.linalg.norm(x, 0), np.linalg.norm(x, ord=3))


@njit
def matrix_norms(x):
    return (np.linalg.norm(x), np.linalg.norm(x, "fro"), np.linalg.norm(x, 1), np.linalg.norm(x, -1),
            np.linalg.norm(x, np.inf), np.linalg.norm(x, -np.inf), np.linalg.norm(x, 2), np.linalg.norm(x, -2),
            np.linalg.norm(x, "nuc"))


@njit
def along(x):
    return np.linalg.norm(x, axis=0), np.linalg.norm(x, 1, axis=-1), np.linalg.norm(x, np.inf, 1, True)


@njit
def ranks(a):
    return np.linalg.matrix_rank(a), np.linalg.matrix_rank(a, 1e9), np.linalg.matrix_rank(a[0])


@njit
def conditions(a):
    return np.linalg.cond(a), np.linalg.cond(a, 1), np.linalg.cond(a, -2), np.linalg.cond(a, "fro")


@njit
def pinv(a):
    return np.linalg.pinv(a)


@njit
def power(a, n):
    return np.linalg.matrix_power(a, n)


@njit
def kron(a, b):
    return np.kron(a, b)


def rounded(numbers):
    return [round(float(x), 6) for x in numbers]


v = np.array([3.0, 0.0, -4.0])
m = np.array([[1.0, 2.0], [-3.0, 4.0]])
print(rounded(vector_norms(v)))  # -> [5.0, 5.0, 7.0, 4.0, 0.0, 2.0, 4.497941]
print(rounded(vector_norms(np.array([3, 0, -4]))))  # -> [5.0, 5.0, 7.0, 4.0, 0.0, 2.0, 4.497941]
print(rounded(vector_norms(v * 1j)))  # -> [5.0, 5.0, 7.0, 4.0, 0.0, 2.0, 4.497941]
print(rounded(matrix_norms(m)))  # -> [5.477226, 5.477226, 6.0, 4.0, 7.0, 3.0, 5.116673, 1.954395, 7.071068]
print(rounded(matrix_norms(m * 1j)))  # -> [5.477226, 5.477226, 6.0, 4.0, 7.0, 3.0, 5.116673, 1.954395, 7.071068]
print(along(np.array([[3.0, 4.0], [4.0, -3.0]])))  # -> (array([5., 5.]), array([7., 7.]), array([[4.],
# ->        [4.]]))
print(np.linalg.norm(v), np.linalg.norm([3, 4]), np.linalg.norm(np.ones((2, 2, 4))))  # -> 5.0 5.0 4.0
print(ranks(np.array([[1.0, 2.0], [2.0, 4.0]])), ranks(m), ranks(np.zeros((2, 3))))  # -> (1, 0, 1) (2, 0, 1) (0, 0, 0)
print(rounded(conditions(m)))  # -> [2.618034, 4.2, 0.381966, 3.0]
t = np.arange(12.0).reshape(4, 3)
print(np.abs(t @ pinv(t) @ t - t).max() < 1e-12, pinv(t).shape, np.abs(pinv(m) @ m - np.eye(2)).max() < 1e-14)  # -> True (3, 4) True
print(power(np.array([[1, 1], [1, 0]]), 10), power(m, 0), np.abs(power(m, -2) @ m @ m - np.eye(2)).max() < 1e-14)  # -> [[89 55]
# ->  [55 34]] [[1. 0.]
# ->  [0. 1.]] True
print(kron(np.array([1, 2]), np.array([3, 4])), kron(np.eye(2), np.array([[1.0, 2.0]])), kron(m, v)[1])  # -> [3 4 6 8] [[1. 2. 0. 0.]
# ->  [0. 0. 1. 2.]] [ -9.  -0.  12.  12.   0. -16.]
print(np.trace(m), np.kron(np.array([True, False]), np.array([True])))  # -> 5.0 [ True False]
