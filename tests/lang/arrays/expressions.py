"""Operators and functions on whole arrays: types, broadcasting, fusion, assignment, overlap."""
import numpy as np
from numba import njit


@njit
def arithmetic(a, b, s):
    return a + b, a - s, s * a, a / b, a // b, a % b, -a, a**2


@njit
def comparisons(a, b):
    return a < b, a == b, (a > 1) & (b > 2), ~(a < b)


@njit
def bits(a, b):
    return a & b, a | 3, a ^ b, a << 1, a >> 1, ~a


@njit
def functions(x):
    return np.sqrt(x), np.maximum(x, 2.0), np.where(x > 2, x, -x), np.clip(x, 1.5, 3.5), np.floor(x / 2)


@njit
def fused(a, b, c):
    t = a * b
    u = t + c
    return np.sqrt(u * u) - 1.0


@njit
def reused(a, b):
    t = a * b
    b[0] = 100.0
    return t + 1.0, t.shape, t.size


@njit
def outer(a, b):
    return a[:, None] * b + a[:, None]


@njit
def rows(m, v, w):
    return m + v, m * w, (m - v) / w


@njit
def stencil(a, b):
    b[1:-1, 1:-1] = 0.25 * (a[1:-1, :-2] + a[1:-1, 2:] + a[:-2, 1:-1] + a[2:, 1:-1])


@njit
def shifted(a):
    a[1:] = a[:-1] + 1.0
    return a


@njit
def reversed_in_place(a):
    a[:] = a[::-1] * 2.0
    return a


@njit
def transposed(a):
    a[:] = a.T + a
    return a


@njit
def updates(a, m):
    a += 1.0
    a[1:] *= a[:-1]
    m -= a
    m[:, 0] /= 2.0
    return a, m


@njit
def outputs(a, b, out):
    np.add(a, b, out)
    r = np.multiply(a, out, out=out)
    return r


@njit
def folds(a, b):
    return np.sum(a * b), (a + b).max(), np.min(a - b), np.mean(a * 2.0), np.any(a > b), (a <= b).all(), (a * b).prod()


@njit
def count(a, limit):
    return np.sum(a > limit), np.count_nonzero(a == limit)


@njit
def loop(a, n):
    for _ in range(n):
        a = a * 0.5 + 1.0
    return a


@njit
def branch(a, flag):
    if flag:
        r = a + 1
    else:
        r = a * 2
    return r - 1


@njit
def parts(x):
    q, r = np.divmod(x, 3)
    return q, r


@njit
def rising(i, x):
    return i * x, i**2, x / i


x = np.array([1.0, 2.0, 3.0, 4.0])
y = np.array([4.0, 3.0, 2.0, 1.0])
for r in arithmetic(x, y, 2.0):
    print(r, r.dtype)
# -> [5. 5. 5. 5.] float64
# -> [-1.  0.  1.  2.] float64
# -> [2. 4. 6. 8.] float64
# -> [0.25       0.66666667 1.5        4.        ] float64
# -> [0. 0. 1. 4.] float64
# -> [1. 2. 1. 0.] float64
# -> [-1. -2. -3. -4.] float64
# -> [ 1.  4.  9. 16.] float64
for r in arithmetic(np.array([1, 2, 3], dtype=np.int32), np.array([2, 2, 2], dtype=np.int8), 3):
    print(r, r.dtype)
# -> [3 4 5] int32
# -> [-2 -1  0] int32
# -> [3 6 9] int32
# -> [0.5 1.  1.5] float64
# -> [0 1 1] int32
# -> [1 0 1] int32
# -> [-1 -2 -3] int32
# -> [1 4 9] int32
for r in arithmetic(x.astype(np.float32), y.astype(np.float32), 0.1):
    print(r, r.dtype)
# -> [5. 5. 5. 5.] float32
# -> [0.9 1.9 2.9 3.9] float32
# -> [0.1 0.2 0.3 0.4] float32
# -> [0.25      0.6666667 1.5       4.       ] float32
# -> [0. 0. 1. 4.] float32
# -> [1. 2. 1. 0.] float32
# -> [-1. -2. -3. -4.] float32
# -> [ 1.  4.  9. 16.] float32
for r in comparisons(x, y):
    print(r)
# -> [ True  True False False]
# -> [False False False False]
# -> [False  True False False]
# -> [False False  True  True]
for r in bits(np.array([1, 6, 12], dtype=np.uint8), np.array([3, 5, 7], dtype=np.uint8)):
    print(r, r.dtype)
# -> [1 4 4] uint8
# -> [ 3  7 15] uint8
# -> [ 2  3 11] uint8
# -> [ 2 12 24] uint8
# -> [0 3 6] uint8
# -> [254 249 243] uint8
for r in functions(x):
    print(r)
# -> [1.         1.41421356 1.73205081 2.        ]
# -> [2. 2. 3. 4.]
# -> [-1. -2.  3.  4.]
# -> [1.5 2.  3.  3.5]
# -> [0. 1. 1. 2.]
print(fused(x, y, x))  # -> [4. 7. 8. 7.]
print(reused(x.copy(), y.copy())[0])  # -> [5. 7. 7. 5.]
print(outer(x[:3], y))
# -> [[ 5.  4.  3.  2.]
# ->  [10.  8.  6.  4.]
# ->  [15. 12.  9.  6.]]
m = np.arange(12.0).reshape(3, 4)
for r in rows(m, x, np.array([[1.0], [2.0], [4.0]])):
    print(r)
# -> [[ 1.  3.  5.  7.]
# ->  [ 5.  7.  9. 11.]
# ->  [ 9. 11. 13. 15.]]
# -> [[ 0.  1.  2.  3.]
# ->  [ 8. 10. 12. 14.]
# ->  [32. 36. 40. 44.]]
# -> [[-1.   -1.   -1.   -1.  ]
# ->  [ 1.5   1.5   1.5   1.5 ]
# ->  [ 1.75  1.75  1.75  1.75]]
b = np.zeros((3, 4))
stencil(m, b)
print(b)
# -> [[0. 0. 0. 0.]
# ->  [0. 5. 6. 0.]
# ->  [0. 0. 0. 0.]]
print(shifted(np.zeros(5)))  # -> [0. 1. 1. 1. 1.]
print(reversed_in_place(np.arange(5.0)))  # -> [8. 6. 4. 2. 0.]
print(transposed(np.arange(9.0).reshape(3, 3)))
# -> [[ 0.  4.  8.]
# ->  [ 4.  8. 12.]
# ->  [ 8. 12. 16.]]
for r in updates(np.ones(4), np.zeros((2, 4))):
    print(r)
# -> [2. 4. 4. 4.]
# -> [[-1. -4. -4. -4.]
# ->  [-1. -4. -4. -4.]]
print(outputs(x, y, np.empty(4)))  # -> [ 5. 10. 15. 20.]
print(np.array(folds(x, y), dtype=np.float64))  # -> [ 20.   5.  -3.   5.   1.   0. 576.]
print(count(np.array([1, 5, 2, 5]), 5)[1], count(np.zeros(0), 1.0)[1])  # -> 2 0
print(loop(np.zeros((2, 2)), 3), loop(np.zeros(0), 2))
# -> [[1.75 1.75]
# ->  [1.75 1.75]] []
print(branch(np.arange(3), True), branch(np.arange(3), False))  # -> [0 1 2] [-1  1  3]
print(parts(np.arange(-3, 4)))  # -> (array([-1, -1, -1,  0,  0,  0,  1]), array([0, 1, 2, 0, 1, 2, 0]))
for r in rising(np.array([1, 2, 4], dtype=np.int16), np.array([1.5, 2.5, 3.5], dtype=np.float32)):
    print(r, r.dtype)
# -> [ 1.5  5.  14. ] float32
# -> [ 1  4 16] int16
# -> [1.5   1.25  0.875] float32
print(np.asfortranarray(m) + m.T.T, (np.asfortranarray(m) * 2.0)[1])
# -> [[ 0.  2.  4.  6.]
# ->  [ 8. 10. 12. 14.]
# ->  [16. 18. 20. 22.]] [ 8. 10. 12. 14.]


@njit
def axes(a):
    return a.sum(axis=0), a.sum(axis=1), a.sum(axis=-1, keepdims=True), np.max(a, axis=0), a.mean(axis=1)


@njit
def two_axes(t):
    return t.sum(axis=(0, 2)), t.min(axis=(1, 2)), np.sum(t, axis=1, keepdims=True), t.std(axis=0)


@njit
def softmax(x):
    e = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@njit
def standardised(a):
    return (a - a.mean(axis=0)) / a.std(axis=0)


@njit
def truths(a):
    return np.any(a > 8, axis=1), np.all(a < 100, axis=0), np.count_nonzero(a, axis=0), a.prod(axis=0, dtype=np.float32)


@njit
def spread(a):
    return a.var(), a.var(ddof=1), np.std(a, ddof=1)


for r in axes(m):
    print(r, r.shape)
# -> [12. 15. 18. 21.] (4,)
# -> [ 6. 22. 38.] (3,)
# -> [[ 6.]
# ->  [22.]
# ->  [38.]] (3, 1)
# -> [ 8.  9. 10. 11.] (4,)
# -> [1.5 5.5 9.5] (3,)
for r in two_axes(np.arange(24).reshape(2, 3, 4)):
    print(r, r.dtype, r.shape)
# -> [ 60  92 124] int64 (3,)
# -> [ 0 12] int64 (2,)
# -> [[[12 15 18 21]]
# -> 
# ->  [[48 51 54 57]]] int64 (2, 1, 4)
# -> [[6. 6. 6. 6.]
# ->  [6. 6. 6. 6.]
# ->  [6. 6. 6. 6.]] float64 (3, 4)
print(softmax(np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 1.0]])))
# -> [[0.09003057 0.24472847 0.66524096]
# ->  [0.33333333 0.33333333 0.33333333]]
print(standardised(np.array([[1.0, 2.0], [3.0, 6.0]])))
# -> [[-1. -1.]
# ->  [ 1.  1.]]
for r in truths(m):
    print(r, r.dtype)
# -> [False False  True] bool
# -> [ True  True  True  True] bool
# -> [2 3 3 3] int64
# -> [  0.  45. 120. 231.] float32
print(np.array(spread(x)))  # -> [1.25       1.66666667 1.29099445]


@njit
def older_view(a, n):
    total = 0.0
    b = a[:]
    for i in range(n):
        a = a[1:]
        s = b[: a.size] + a
        b = a[:]
        total += s.sum()
    return total


@njit
def replaced(a, b):
    t = a + b
    a = b[1:]
    return t * 2.0, a + 1.0


print(older_view(np.arange(6.0), 3))  # -> 70.0
for r in replaced(x, y):
    print(r)
# -> [10. 10. 10. 10.]
# -> [4. 3. 2.]
