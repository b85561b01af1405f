"""Arrays as indices: integers, masks, several together; read, assigned, updated."""
import numpy as np
from numba import njit


@njit
def take(x, idx):
    return x[idx]


@njit
def rows(m, idx):
    return m[idx], m[:, idx], m[idx, 1:], m[1:, idx]


@njit
def pairs(m, i, j):
    return m[i, j], m[i, -1], m[0, j], m[i[:, None], j]


@njit
def cube(c, i, j):
    return c[i, :, j], c[:, i, j], c[0, :, j], c[..., i], c[i, None, j], c[:, 0, j], c[i, ..., 0]


@njit
def fused(x, idx, y):
    return (x[idx] * y + x[idx + 1]).sum()


@njit
def put(x, idx, v):
    x[idx] = v
    return x


@njit
def add(x, idx, v):
    x[idx] += v
    return x


@njit
def put_columns(m, idx, v):
    m[:, idx] = v
    m[idx, 0] *= 10
    return m


@njit
def swap_in_place(x, idx):
    x[:] = x[idx] + 1
    return x


@njit
def reverse_first(x):
    x[np.arange(3)] = x[2:5]
    x[x > 100] = 0
    return x


@njit
def by_itself(x):
    x[x] = x
    return x


@njit
def lists(m):
    return m[[2, 0]], m[:, [True, False, True, False]], m[[0, 1], [1, 2]]


x = np.arange(5) * 1.5
idx = np.array([4, 0, -1, 2])
print(take(x, idx))  # -> [6. 0. 6. 3.]
print(take(x, idx.astype(np.int8)))  # -> [6. 0. 6. 3.]
print(take(x, np.array([[1, 2], [3, 4]], dtype=np.uint16)))
# -> [[1.5 3. ]
# ->  [4.5 6. ]]
print(take(x, np.zeros(0, dtype=np.int64)).shape)  # -> (0,)
m = np.arange(12).reshape(3, 4)
for r in rows(m, np.array([2, 0, 2])):
    print(r)
# -> [[ 8  9 10 11]
# ->  [ 0  1  2  3]
# ->  [ 8  9 10 11]]
# -> [[ 2  0  2]
# ->  [ 6  4  6]
# ->  [10  8 10]]
# -> [[ 9 10 11]
# ->  [ 1  2  3]
# ->  [ 9 10 11]]
# -> [[ 6  4  6]
# ->  [10  8 10]]
for r in pairs(m, np.array([0, 1, -1]), np.array([3, 2, 0])):
    print(r)
# -> [3 6 8]
# -> [ 3  7 11]
# -> [3 2 0]
# -> [[ 3  2  0]
# ->  [ 7  6  4]
# ->  [11 10  8]]
c = np.arange(24).reshape(2, 3, 4)
for r in cube(c, np.array([1, 0]), np.array([2, 1])):
    print(r.shape, r.ravel())
# -> (2, 3) [14 18 22  1  5  9]
# -> (2, 2) [ 6  1 18 13]
# -> (2, 3) [ 2  6 10  1  5  9]
# -> (2, 3, 2) [ 1  0  5  4  9  8 13 12 17 16 21 20]
# -> (2, 1, 4) [20 21 22 23  4  5  6  7]
# -> (2, 2) [ 2  1 14 13]
# -> (2, 3) [12 16 20  0  4  8]
print(fused(x, np.array([0, 1, 2, 3]), np.ones(4)))  # -> 24.0
print(put(x.copy(), idx, 9.0))  # -> [9.  1.5 9.  4.5 9. ]
print(put(x.copy(), idx, np.array([1, 2, 3, 4])))  # -> [2.  1.5 4.  4.5 3. ]
print(put(x.copy(), np.array([[0, 1], [2, 3]]), np.array([7.0, 8.0])))  # -> [7. 8. 7. 8. 6.]
print(add(x.copy(), np.array([1, 1, 1, 0]), 1.0))  # -> [1.  2.5 3.  4.5 6. ]
print(add(x.copy(), np.array([1, 1, 0]), np.array([1.0, 5.0, 7.0])))  # -> [7.  6.5 3.  4.5 6. ]
print(put_columns(m.copy(), np.array([0, 2]), np.array([50, 60])))
# -> [[500   1  60   3]
# ->  [ 50   5  60   7]
# ->  [500   9  60  11]]
print(put_columns(m.copy(), np.array([0, 2]), np.array([[1], [2], [3]])))
# -> [[10  1  1  3]
# ->  [ 2  5  2  7]
# ->  [30  9  3 11]]
print(swap_in_place(x.copy(), np.array([4, 3, 2, 1, 0])))  # -> [7.  5.5 4.  2.5 1. ]
print(reverse_first(x.copy()))  # -> [3.  4.5 6.  4.5 6. ]
print(by_itself(np.array([1, 2, 0, 3])))  # -> [0 1 2 3]
for r in lists(m):
    print(r)
# -> [[ 8  9 10 11]
# ->  [ 0  1  2  3]]
# -> [[ 0  2]
# ->  [ 4  6]
# ->  [ 8 10]]
# -> [1 6]
