"""out= of functions with @vectorize."""
import numpy as np
from numba import njit, vectorize


@vectorize(["float64(float64, float64)"])
def sub(a, b):
    return a - b


@njit
def kernel(a, b, out):
    sub(a, b, out=out)
    return sub(out, 1.0, out=out)


a = np.array([[4.0, -1.0, 9.0], [1.0, 2.0, -4.0]])
b = np.array([0.0, 1.0, 2.0])
out = np.zeros((2, 3))
print(kernel(a, b, out))
# -> [[ 3. -3.  6.]
# ->  [ 0.  0. -7.]]
print(out)
# -> [[ 3. -3.  6.]
# ->  [ 0.  0. -7.]]
print(sub(a, b, out) is out, sub(a, b, out=out[::-1]))
# -> True [[ 4. -2.  7.]
# ->  [ 1.  1. -6.]]
print(out)
# -> [[ 1.  1. -6.]
# ->  [ 4. -2.  7.]]
print(sub(b, 1.0, out=out))
# -> [[-1.  0.  1.]
# ->  [-1.  0.  1.]]
print(sub(1.0, 2.0, out=np.zeros(2)))  # -> [-1. -1.]
wide = np.zeros((2, 3), np.complex128)
print(sub(a, b, out=wide))
# -> [[ 4.+0.j -2.+0.j  7.+0.j]
# ->  [ 1.+0.j  1.+0.j -6.+0.j]]
narrow = np.zeros((2, 3), np.float32)
print(sub(a, b, out=narrow).dtype)  # -> float32
line = np.arange(5.0)
print(sub(line[1:], line[:-1], out=line[1:]))  # -> [1. 1. 1. 1.]
print(line)  # -> [0. 1. 1. 1. 1.]

