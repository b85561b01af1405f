"""Products of vectors and matrices: every pair of ranks, layouts, dtypes."""
import numpy as np
from numba import njit


@njit
def product(a, b):
    return a @ b


@njit
def named(a, b):
    return np.dot(a, b), a.dot(b), np.matmul(a, b)


@njit
def transposes(a, x):
    return a.T @ x, x @ a, a.T @ a, a @ a.T


@njit
def update(alpha, beta, c, a, b):
    c[:] = alpha * a @ b + beta * c


@njit
def outers(u, v):
    return np.outer(u, v), np.outer(u, v) + 1.0


@njit
def flips(a, m):
    return np.flip(a), np.flip(m), np.flip(m, 0), np.flip(m, axis=-1)


v = np.array([1.0, 2.0, 3.0])
m = np.arange(12.0).reshape(3, 4)
w = np.array([1.0, -1.0, 2.0, 0.5])
print(product(v, v))  # -> 14.0
print(product(v, m), product(m, w))  # -> [32. 38. 44. 50.] [ 4.5 14.5 24.5]
print(product(m, m.T.copy()))
# -> [[ 14.  38.  62.]
# ->  [ 38. 126. 214.]
# ->  [ 62. 214. 366.]]
print(product(m.T, m))
# -> [[ 80.  92. 104. 116.]
# ->  [ 92. 107. 122. 137.]
# ->  [104. 122. 140. 158.]
# ->  [116. 137. 158. 179.]]
for r in named(np.arange(4).reshape(2, 2), np.array([[1, 2], [3, 4]], dtype=np.int8)):
    print(r, r.dtype)
# -> [[ 3  4]
# ->  [11 16]] int64
# -> [[ 3  4]
# ->  [11 16]] int64
# -> [[ 3  4]
# ->  [11 16]] int64
for r in transposes(m, v):
    print(r)
# -> [32. 38. 44. 50.]
# -> [32. 38. 44. 50.]
# -> [[ 80.  92. 104. 116.]
# ->  [ 92. 107. 122. 137.]
# ->  [104. 122. 140. 158.]
# ->  [116. 137. 158. 179.]]
# -> [[ 14.  38.  62.]
# ->  [ 38. 126. 214.]
# ->  [ 62. 214. 366.]]
c = np.ones((3, 3))
update(0.5, 2.0, c, m, m.T.copy())
print(c)
# -> [[  9.  21.  33.]
# ->  [ 21.  65. 109.]
# ->  [ 33. 109. 185.]]
for r in outers(v, w[:2]):
    print(r)
# -> [[ 1. -1.]
# ->  [ 2. -2.]
# ->  [ 3. -3.]]
# -> [[ 2.  0.]
# ->  [ 3. -1.]
# ->  [ 4. -2.]]
for r in flips(v, m[:2]):
    print(r)
# -> [3. 2. 1.]
# -> [[7. 6. 5. 4.]
# ->  [3. 2. 1. 0.]]
# -> [[4. 5. 6. 7.]
# ->  [0. 1. 2. 3.]]
# -> [[3. 2. 1. 0.]
# ->  [7. 6. 5. 4.]]
print(product(np.array([1 + 2j, 3j]), np.array([[1, 2j], [3, 4]])))  # -> [ 1.+11.j -4.+14.j]
print(product(np.array([True, False]), np.array([[True, False], [False, True]])))  # -> [ True False]
print(product(np.asfortranarray(m), w), product(m[::-1, ::2], np.array([[1.0], [2.0]])))
# -> [ 4.5 14.5 24.5] [[28.]
# ->  [16.]
# ->  [ 4.]]
r = product(v.astype(np.float32), m.astype(np.float32))
print(r, r.dtype)  # -> [32. 38. 44. 50.] float32
print(product(np.zeros((2, 0)), np.zeros((0, 3))))
# -> [[0. 0. 0.]
# ->  [0. 0. 0.]]
