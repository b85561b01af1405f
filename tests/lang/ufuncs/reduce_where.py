"""where= of reduce: the elements that are taken, after the beginning."""
import numpy as np
from numba import njit, vectorize


@vectorize(["int64(int64, int64)", "float64(float64, float64)"], identity=0)
def add(a, b):
    return a + b


@vectorize(["float64(float64, float64)"])
def less(a, b):
    return a - b


@njit
def rows(a, mask):
    return add.reduce(a, axis=1, where=mask)


@njit
def several(a, mask):
    first = add.reduce(a, where=mask, initial=100.0)
    whole = add.reduce(a, axis=None, where=mask)
    kept = less.reduce(a, axis=-1, keepdims=True, initial=1.0, where=mask)
    return first, whole, kept


@njit
def of_numpy(a, mask):
    return np.add.reduce(a, where=mask), np.maximum.reduce(a, axis=1, initial=-1.0, where=mask), np.multiply.reduce(a, axis=None, where=mask)


a = np.arange(6.0).reshape(2, 3)
mask = np.array([[True, False, True], [False, False, False]])
print(rows(a, mask), rows(a, mask[0]), rows(a, True), rows(a, False))  # -> [2. 0.] [2. 8.] [ 3. 12.] [0. 0.]
for r in several(a, mask):
    print(r)
# -> [100. 100. 102.]
# -> 2.0
# -> [[-1.]
# ->  [ 1.]]
for r in of_numpy(a + 2, mask):
    print(r)
# -> [2. 0. 4.]
# -> [ 4. -1.]
# -> 8.0
print(rows(a.T, mask.T), rows(np.zeros((2, 0)), np.zeros((2, 0), np.bool_)))  # -> [0. 0. 2.] [0. 0.]
print(add.reduce(np.arange(5), where=np.arange(5) % 2 == 1), less.reduce(np.arange(3.0), initial=9.0, where=np.array([True, False, True])))
# -> 4 7.0
