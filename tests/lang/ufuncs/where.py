"""where= of functions with @vectorize, as NumPy has it for its own."""
# only: kjit (Numba's ufuncs raise ValueError for every where=: their outputs lack the iterator's WRITEMASKED flag)
import numpy as np
from numba import njit, vectorize


@vectorize(["float64(float64, float64)"])
def sub(a, b):
    return a - b


@vectorize
def root(x):
    if x < 0.0:
        raise ValueError("a negative number")
    return np.sqrt(x)


@njit
def kernel(a, b, out):
    sub(a, b, out=out)
    sub(out, 1.0, out=out, where=b > 0)
    return root(a, out=np.zeros(a.shape), where=a >= 0)


@njit
def numpy_kernel(a, b):
    return np.where(b > 0, a - b - 1.0, a - b), np.sqrt(np.maximum(a, 0.0))


a = np.array([[4.0, -1.0, 9.0], [1.0, 2.0, -4.0]])
b = np.array([0.0, 1.0, 2.0])
out = np.zeros((2, 3))
roots = kernel(a, b, out)
want = numpy_kernel(a, b)
print(np.array_equal(out, want[0]), np.array_equal(roots, want[1]))  # -> True True
print(sub(a, b, where=np.array([True, False, True]), out=np.full((2, 3), 7.0)))
# -> [[ 4.  7.  7.]
# ->  [ 1.  7. -6.]]
print(sub(b, 1.0, out=b, where=False))  # -> [0. 1. 2.]
print(sub(b, 1.0, out=b, where=True))  # -> [-1.  0.  1.]
print(sub(b, 1.0, where=b > 0))  # -> [0. 0. 0.]
print(sub(b, 1.0, where=np.ones((2, 1), np.bool_)).shape)  # -> (2, 3)
print(root(a, where=a > 0, out=np.zeros((2, 3)))[0])  # -> [2. 0. 3.]
