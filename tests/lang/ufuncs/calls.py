"""Functions with @vectorize: numbers, arrays, broadcasting, in kernels and at the top level."""
import numpy as np
from numba import njit, vectorize


@vectorize
def scaled(x, y):
    return x * 2.0 + y


@vectorize
def clipped(x, lo, hi):
    if x < lo:
        return lo
    if x > hi:
        return hi
    return x


@vectorize
def steps(n):
    count = 0
    while n > 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        count += 1
    return count


@vectorize
def divided(a, b):
    return a / b


@njit
def in_kernel(a, b):
    return scaled(a, b) + scaled(a, 1.0) * 3.0


@njit
def on_numbers(a, b):
    total = 0.0
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            total += scaled(a[i, j], b[j])
    return total


@njit
def of_slices(a):
    return scaled(a[:, 1:], a[:, :-1].copy())


@njit
def stored(a, b, out):
    scaled(a, b, out)
    out[0] = scaled(b, -b)


a = np.arange(6.0).reshape(2, 3)
b = np.arange(3.0)
print(in_kernel(a, b))
# -> [[ 3. 12. 21.]
# ->  [27. 36. 45.]]
print(in_kernel(a.T, np.ones(2)))
# -> [[ 4. 28.]
# ->  [12. 36.]
# ->  [20. 44.]]
print(in_kernel(a, b[::-1]))
# -> [[ 5. 12. 19.]
# ->  [29. 36. 43.]]
print(on_numbers(a, b))  # -> 36.0
print(of_slices(a))
# -> [[ 2.  5.]
# ->  [11. 14.]]
out = np.zeros((2, 3))
stored(a, b, out)
print(out)
# -> [[ 0.  1.  2.]
# ->  [ 6.  9. 12.]]

print(scaled(a, b))
# -> [[ 0.  3.  6.]
# ->  [ 6.  9. 12.]]
print(scaled(1.0, 2.0))  # -> 4.0
print(scaled(a, 2))
# -> [[ 2.  4.  6.]
# ->  [ 8. 10. 12.]]
print(scaled(a[:, :1], b[1:]))
# -> [[1. 2.]
# ->  [7. 8.]]
print(scaled(np.array(3.0), b).shape, scaled(np.array(3.0), 4.0))  # -> (3,) 10.0
print(scaled(a, a.T.copy().T))
# -> [[ 0.  3.  6.]
# ->  [ 9. 12. 15.]]
print(scaled(np.zeros((0, 3)), b).shape)  # -> (0, 3)
print(clipped(a, 1.0, b + 2.0))
# -> [[1. 1. 2.]
# ->  [2. 3. 4.]]
print(clipped(np.arange(5), 1, 3).dtype)  # kjit -> int64
# cpython -> float64
print(steps(np.arange(1, 10)))  # -> [ 0  1  7  2  5  8 16  3 19]
print(divided(np.array([1, 2, 0]), np.array([2, 0, 0])))  # -> [0.5 inf nan]
print(scaled(a.astype(np.float32), np.float32(1)).dtype, steps(np.arange(3, dtype=np.int16)).dtype)  # kjit -> float32 int64
# cpython -> float64 int64
print(scaled.nin, scaled.nout, scaled.nargs, scaled.__name__)  # -> 2 1 3 scaled
