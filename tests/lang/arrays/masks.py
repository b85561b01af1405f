"""Boolean masks: of the array's shape, of its first axis, beside other indices; read, assigned, updated."""
import numpy as np
from numba import njit


@njit
def select(x, low):
    return x[x > low]


@njit
def mean_between(data, radius, a, b):
    return data[np.logical_and(a <= radius, radius < b)].mean()


@njit
def clip_small(x):
    x[x <= 1] = -1
    return x


@njit
def set_from(x, mask, v):
    x[mask] = v
    return x


@njit
def update(x, y):
    x[x > 2] *= 10
    x[y] += x[y]
    x[~y] -= 1
    return x


@njit
def by_rows(m, mask):
    a = m[mask]
    m[mask] = m[mask] + 100
    m[mask, 0] = 7
    m[mask] += np.arange(4)
    return a, m


@njit
def columns(m, mask, i):
    return m[:, mask], m[1, mask], m[i, mask]


@njit
def mask_of_two(c, m):
    return c[m], c[0][m[0]]


@njit
def own_mask(m):
    m[m] = False
    return m


x = np.array([3.0, 1.0, 2.0, 5.0])
print(select(x, 1.5))  # -> [3. 2. 5.]
print(select(x, 50.0).size)  # -> 0
print(mean_between(x, np.arange(4.0), 1.0, 3.0))  # -> 1.5
m = np.arange(12).reshape(3, 4)
print(select(m, 5))  # -> [ 6  7  8  9 10 11]
print(select(m.T, 5))  # -> [ 8  9  6 10  7 11]
print(clip_small(x.copy()))  # -> [ 3. -1.  2.  5.]
print(clip_small(m.copy()).ravel())  # -> [-1 -1  2  3  4  5  6  7  8  9 10 11]
t = np.array([True, False, True, True])
print(set_from(x.copy(), t, 8))  # -> [8. 1. 8. 8.]
print(set_from(x.copy(), t, np.array([8, 9, 10])))  # -> [ 8.  1.  9. 10.]
print(set_from(x.copy(), t, np.array([4])))  # -> [4. 1. 4. 4.]
print(set_from(m.copy(), m % 2 == 0, np.arange(6) * 100).ravel())  # -> [  0   1 100   3 200   5 300   7 400   9 500  11]
print(update(x.copy(), t))  # -> [ 60.   0.   4. 100.]
a, b = by_rows(m.copy(), np.array([False, True, True]))
print(a)
# -> [[ 4  5  6  7]
# ->  [ 8  9 10 11]]
print(b)
# -> [[  0   1   2   3]
# ->  [  7 106 108 110]
# ->  [  7 110 112 114]]
for r in columns(m, t, np.array([2, 0, 1])):
    print(r)
# -> [[ 0  2  3]
# ->  [ 4  6  7]
# ->  [ 8 10 11]]
# -> [4 6 7]
# -> [8 2 7]
c = np.arange(24).reshape(2, 3, 4)
p, q = mask_of_two(c, np.array([[True, False, True], [False, True, False]]))
print(p)
# -> [[ 0  1  2  3]
# ->  [ 8  9 10 11]
# ->  [16 17 18 19]]
print(q)
# -> [[ 0  1  2  3]
# ->  [ 8  9 10 11]]
print(own_mask(np.array([True, False])))  # -> [False False]
