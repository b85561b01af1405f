# Statements on arrays that share one loop: what they read and write at other indices than their own keeps its order.
import numpy as np
from numba import njit


@njit
def several(a, b):
    s = a + b
    d = a - b
    p = s * d
    return s, d, p


@njit
def only_read_here(a, b):
    t = a * b
    u = t + a
    v = t - b
    return u, v


@njit
def shifted(a):
    t = a * 2.0
    u = t[1:] - t[:-1]
    v = t + 1.0
    return u, v


@njit
def in_place(a, b):
    t = a * 1.0
    a[:] = b + 1.0
    b[:] = t + 2.0
    return t


@njit
def shifted_store(a, b):
    b[1:] = a[:-1] + 1.0
    c = b[1:] * 2.0
    a[1:] = b[:-1]
    d = a[1:] + c
    return c, d


@njit
def rows(m, i, j):
    m[i] = m[i] + 1.0
    m[j] = m[i] * 2.0
    t = m[j] - m[i]
    return t


@njit
def written_twice(a):
    t = a + 1.0
    t[:] = t * a
    t[:] = t - 1.0
    return t


@njit
def repeated(a, b):
    s = a + b
    d = s * a
    return s, d


@njit(fastmath=True)
def folds(a, b):
    t = a * b
    return t.sum(), t.max(), a.min(), (t + b).sum()


@njit
def result_between(a):
    m = a.max()
    t = a - m
    n = t.min()
    u = t - n
    return m, n, u


@njit
def narrow(a):
    s = a + a
    t = s.astype(np.float64) * 0.5
    f = s > 3
    return s, t, f


@njit
def loop(a, n):
    u = np.zeros(a.size)
    v = np.zeros(a.size)
    for k in range(n):
        s = a * u
        u[:] = s + v
        v[:] = s - k
        w = u + v
        u[:] = w * 0.5
    return u, v


@njit
def columns(m):
    t = m.T * 2.0
    u = m.T + t
    return t, u


@njit
def kept(a):
    t = a * 2.0
    u = t + 1.0
    a[0] = 5.0
    v = t - 1.0
    return u, v, t.size


a = np.arange(5.0)
b = np.array([3.0, -1.0, 0.5, 2.0, 4.0])
print(several(a, b))  # -> (array([3. , 0. , 2.5, 5. , 8. ]), array([-3. ,  2. ,  1.5,  1. ,  0. ]), array([-9.  ,  0.  ,  3.75,  5.  ,  0.  ]))
print(only_read_here(a, b))  # -> (array([ 0.,  0.,  3.,  9., 20.]), array([-3. ,  0. ,  0.5,  4. , 12. ]))
print(shifted(a))  # -> (array([2., 2., 2., 2.]), array([1., 3., 5., 7., 9.]))
x, y = a.copy(), b.copy()
print(in_place(x, y), x, y)  # -> [0. 1. 2. 3. 4.] [4.  0.  1.5 3.  5. ] [2. 3. 4. 5. 6.]
x = a.copy()
print(in_place(x, x), x)  # -> [0. 1. 2. 3. 4.] [2. 3. 4. 5. 6.]
x = np.arange(6.0)
print(in_place(x[1:], x[:-1]), x)  # -> [1. 2. 3. 4. 5.] [3. 4. 5. 6. 7. 5.]
x, y = a.copy(), b.copy()
print(shifted_store(x, y), x, y)  # -> (array([2., 4., 6., 8.]), array([ 5.,  5.,  8., 11.])) [0. 3. 1. 2. 3.] [3. 1. 2. 3. 4.]
x = a.copy()
print(shifted_store(x, x), x)  # -> (array([2., 4., 6., 8.]), array([ 2.,  5.,  8., 11.])) [0. 0. 1. 2. 3.]
x = np.arange(7.0)
print(shifted_store(x[:-2], x[2:]), x)  # -> (array([2., 4., 6., 8.]), array([ 4.,  5.,  8., 11.])) [0. 2. 1. 2. 3. 3. 4.]
for i, j in ((0, 1), (1, 1), (2, 0), (-1, 2)):
    m = np.arange(12.0).reshape(3, 4)
    print(rows(m, i, j), m.sum(axis=1))
# -> [1. 2. 3. 4.] [10. 20. 38.]
# -> [0. 0. 0. 0.] [ 6. 52. 38.]
# -> [ 9. 10. 11. 12.] [84. 22. 42.]
# -> [0. 0. 0. 0.] [ 6. 22. 84.]
print(written_twice(a))  # -> [-1.  1.  5. 11. 19.]
print(repeated(a, b))  # -> (array([3. , 0. , 2.5, 5. , 8. ]), array([ 0.,  0.,  5., 15., 32.]))
print(repeated(a, b[:1]))  # -> (array([3., 4., 5., 6., 7.]), array([ 0.,  4., 10., 18., 28.]))
print(repeated(a[:1], b))  # -> (array([ 3. , -1. ,  0.5,  2. ,  4. ]), array([ 0., -0.,  0.,  0.,  0.]))
print(repeated(a.reshape(5, 1), b))
# -> (array([[ 3. , -1. ,  0.5,  2. ,  4. ],
# ->        [ 4. ,  0. ,  1.5,  3. ,  5. ],
# ->        [ 5. ,  1. ,  2.5,  4. ,  6. ],
# ->        [ 6. ,  2. ,  3.5,  5. ,  7. ],
# ->        [ 7. ,  3. ,  4.5,  6. ,  8. ]]), array([[ 0. , -0. ,  0. ,  0. ,  0. ],
# ->        [ 4. ,  0. ,  1.5,  3. ,  5. ],
# ->        [10. ,  2. ,  5. ,  8. , 12. ],
# ->        [18. ,  6. , 10.5, 15. , 21. ],
# ->        [28. , 12. , 18. , 24. , 32. ]]))
f = folds(a, b)
print(float(f[0]), float(f[1]), float(f[2]), float(f[3]))  # -> 22.0 16.0 0.0 30.5
m, n, t = result_between(b)
print(float(m), float(n), t)  # -> 4.0 -5.0 [4.  0.  1.5 3.  5. ]
print(narrow(np.array([1, 2, 3], dtype=np.int8)))  # -> (array([2, 4, 6], dtype=int8), array([1., 2., 3.]), array([False,  True,  True]))
print(loop(b, 3))  # -> (array([-3.  , -1.  , -1.75, -2.5 , -3.5 ]), array([-3.5 , -1.5 , -2.25, -3.  , -4.  ]))
m = np.arange(6.0).reshape(2, 3)
print(columns(m))
# -> (array([[ 0.,  6.],
# ->        [ 2.,  8.],
# ->        [ 4., 10.]]), array([[ 0.,  9.],
# ->        [ 3., 12.],
# ->        [ 6., 15.]]))
print(columns(np.asfortranarray(m)))
# -> (array([[ 0.,  6.],
# ->        [ 2.,  8.],
# ->        [ 4., 10.]]), array([[ 0.,  9.],
# ->        [ 3., 12.],
# ->        [ 6., 15.]]))
print(kept(a.copy()))  # -> (array([1., 3., 5., 7., 9.]), array([-1.,  1.,  3.,  5.,  7.]), 5)
print(several(np.zeros(0), np.zeros(0)))  # -> (array([], dtype=float64), array([], dtype=float64), array([], dtype=float64))
