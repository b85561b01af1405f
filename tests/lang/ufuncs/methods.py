"""reduce, accumulate, reduceat and outer of functions with @vectorize."""
import numpy as np
from numba import njit, vectorize


@vectorize(["int64(int64, int64)", "float64(float64, float64)"], identity=0)
def add(a, b):
    return a + b


@vectorize(["float64(float64, float64)"])
def less(a, b):
    return a - b


@vectorize(["int64(int64, int64)"], identity=1)
def times(a, b):
    return a * b


@vectorize
def longer(a, b):
    return a if abs(a) > abs(b) else b


@njit
def folds(a):
    return add.reduce(a), add.reduce(a, axis=1), add.reduce(a, axis=(0, 1)), less.reduce(a), times.reduce(np.array([2, 3, 4]))


@njit
def others(a, b):
    return add.accumulate(a, axis=1), less.outer(b, b), less.accumulate(b), add.reduceat(b, np.array([0, 1]))


a = np.arange(6.0).reshape(2, 3)
b = np.array([4.0, -5.0, 1.0])
for r in folds(a):
    print(r)
# -> [3. 5. 7.]
# -> [ 3. 12.]
# -> 15.0
# -> [-3. -3. -3.]
# -> 24
for r in others(a, b):
    print(r)
# -> [[ 0.  1.  3.]
# ->  [ 3.  7. 12.]]
# -> [[ 0.  9.  3.]
# ->  [-9.  0. -6.]
# ->  [-3.  6.  0.]]
# -> [4. 9. 8.]
# -> [ 4. -4.]

print(add.reduce(a), add.reduce(a, axis=-1), add.reduce(a, axis=None), add.reduce(a, 0, keepdims=True))  # -> [3. 5. 7.] [ 3. 12.] 15.0 [[3. 5. 7.]]
print(add.reduce(np.arange(4)), add.reduce(np.zeros(0)), times.reduce(np.zeros(0, np.int64)), times.reduce(np.zeros((0, 2), np.int64)))
# -> 6 0.0 1 [1 1]
print(less.reduce(b), less.reduce(b, initial=100.0), less.reduce(a, axis=1))  # -> 8.0 100.0 [-3. -6.]
print(add.reduce(a, axis=(0, 1), keepdims=True), add.reduce(a, initial=10.0))  # -> [[15.]] [13. 15. 17.]
print(longer(b, b))  # Numba folds with the loops that calls have made  # -> [ 4. -5.  1.]
print(longer.reduce(b), longer.accumulate(b))  # -> -5.0 [ 4. -5. -5.]
print(add.accumulate(a), add.accumulate(a, axis=1))
# -> [[0. 1. 2.]
# ->  [3. 5. 7.]] [[ 0.  1.  3.]
# ->  [ 3.  7. 12.]]
print(less.outer(b, np.arange(2.0)))
# -> [[ 4.  3.]
# ->  [-5. -6.]
# ->  [ 1.  0.]]
print(less.outer(2.0, b), less.outer(b, 2.0))  # -> [-2.  7.  1.] [ 2. -7. -1.]
print(add.reduceat(np.arange(8.0), [0, 4, 1, 5]))  # -> [ 6.  4. 10. 18.]
out = np.zeros(3)
print(add.reduce(a, out=out) is out, out)  # -> True [3. 5. 7.]
print(add.identity, less.identity)  # -> 0 None
