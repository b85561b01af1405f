# Tuples, lists and numbers where NumPy takes anything that makes an array.
import numpy as np
from numba import njit


@njit
def folds(t, x):
    return np.sum(t), np.sum([1.5, x]), np.max((3, 1, 2)), np.mean(t), np.std(t), np.argmax(t), np.any((0, 0)), np.sum(x), np.max(x)


for part in folds((1.0, 4.0, 2.0), 0.5):
    print(part)
# -> 7.0
# -> 2.0
# -> 3
# -> 2.3333333333333335
# -> 1.247219128924647
# -> 1
# -> False
# -> 0.5
# -> 0.5


@njit
def by_elements(t, v):
    return np.sqrt(t), v + t, (1, 2, 3) * v, v < [1.5, 1.5, 1.5], np.maximum(t, 2), np.where((1, 0, 1), v, 0.0), np.clip(t, 2, 3)


for part in by_elements((1.0, 4.0, 9.0), np.array([1.0, 2.0, 3.0])):
    print(part)
# -> [1. 2. 3.]
# -> [ 2.  6. 12.]
# -> [1. 4. 9.]
# -> [ True False False]
# -> [2. 4. 9.]
# -> [1. 0. 3.]
# -> [2. 3. 3.]


@njit
def joined(t, x, v):
    return np.concatenate((t, v)), np.hstack((x, v)), np.vstack((t, v)), np.stack((t, t)), np.column_stack((v, t)), np.stack((x, 2.0))


for part in joined((1, 2), 7.5, np.array([3.0, 4.0])):
    print(part)
# -> [1. 2. 3. 4.]
# -> [7.5 3.  4. ]
# -> [[1. 2.]
# ->  [3. 4.]]
# -> [[1 2]
# ->  [1 2]]
# -> [[3. 1.]
# ->  [4. 2.]]
# -> [7.5 2. ]


@njit
def shapes(t, x):
    return (np.shape(t), np.ndim(t), np.size(t), np.reshape(t, (2, 2)), np.transpose(((1, 2), (3, 4))), np.diag((1, 2)), np.zeros_like(t),
            np.full_like(t, 7), np.repeat(x, 3), np.tile(x, 2), np.broadcast_to(t, (2, 4)), np.take(t, 1), np.take([5, 6, 7], [0, 2]))


for part in shapes((1, 2, 3, 4), 2.5):
    print(part)
# -> (4,)
# -> 1
# -> 4
# -> [[1 2]
# ->  [3 4]]
# -> [[1 3]
# ->  [2 4]]
# -> [[1 0]
# ->  [0 2]]
# -> [0 0 0 0]
# -> [7 7 7 7]
# -> [2.5 2.5 2.5]
# -> [2.5 2.5]
# -> [[1 2 3 4]
# ->  [1 2 3 4]]
# -> 2
# -> [5 7]


@njit
def products(x, v):
    return np.dot((1, 2), v), np.dot(x, v), np.dot(x, 2), np.inner((1.0, 2.0), (3.0, 4.0)), np.outer((1, 2), (3, 4)), v.dot(x)


for part in products(2.0, np.array([3.0, 5.0])):
    print(part)
# -> 13.0
# -> [ 6. 10.]
# -> 4.0
# -> 11.0
# -> [[3 4]
# ->  [6 8]]
# -> [ 6. 10.]


@njit
def solved(b):
    a = ((2.0, 0.0), (0.0, 4.0))
    return np.linalg.solve(a, b), np.linalg.det(a), np.linalg.inv([[2.0, 0.0], [0.0, 4.0]])


for part in solved((1.0, 2.0)):
    print(part)
# -> [0.5 0.5]
# -> 7.999999999999998
# -> [[0.5  0.  ]
# ->  [0.   0.25]]


# Rows that are arrays.
@njit
def of_arrays(v, w, m):
    return np.array([v, w]), np.array(((v, w), (w, v))).shape, np.array([m[0], 2 * m[1]], dtype=np.int32), np.mean((v, w), axis=0), np.sum([v, w])


for part in of_arrays(np.array([1.0, 2.0]), np.array([3, 4]), np.array([[1, 2], [3, 4]])):
    print(part)
# -> [[1. 2.]
# ->  [3. 4.]]
# -> (2, 2, 2)
# -> [[1 2]
# ->  [6 8]]
# -> [2. 3.]
# -> 10.0


print(np.sum((1, 2, 3)), np.max([1, 4]), np.mean((1.0, 2.0)), np.sqrt((4.0, 9.0)), np.array([1, 2]) + (1, 1))  # -> 6 4 1.5 [2. 3.] [2 3]
