# out= of reductions, and a @= b: results that take the place of an array's elements.
import numpy as np
from numba import njit


@njit
def sums(a, r, c):
    x = np.sum(a, axis=1, out=r)
    a.sum(axis=0, out=c)
    return x


@njit
def others(a, f, i, b):
    np.mean(a, axis=0, out=f[0])
    np.std(a, axis=0, out=f[1])
    a.max(axis=0, out=f[2])
    np.min(a, 0, f[3])
    np.prod(a, axis=0, out=f[4])
    a.argmax(axis=0, out=i)
    np.any(a > 4.0, axis=0, out=b)


@njit
def kept(a, out):
    return np.amax(a, axis=1, out=out, keepdims=True)


@njit
def into_itself(a):
    np.sum(a, axis=0, out=a[0])
    return a


@njit
def number(a, out):
    a.sum(out=out)
    return out


@njit
def squared(a, b):
    c = a
    a @= b
    return c


@njit
def vector(v, m):
    v @= m
    return v


a = np.arange(12.0).reshape(3, 4)
r, c = np.zeros(3), np.zeros(8)[::2]
print(sums(a, r, c), r, c)  # -> [ 6. 22. 38.] [ 6. 22. 38.] [12. 15. 18. 21.]
f, i, b = np.zeros((5, 4)), np.zeros(4, np.int64), np.zeros(4, np.bool_)
others(a, f, i, b)
print(f, i, b)
# -> [[  4.           5.           6.           7.        ]
# ->  [  3.26598632   3.26598632   3.26598632   3.26598632]
# ->  [  8.           9.          10.          11.        ]
# ->  [  0.           1.           2.           3.        ]
# ->  [  0.          45.         120.         231.        ]] [2 2 2 2] [ True  True  True  True]
print(kept(a, np.zeros((3, 1))))
# -> [[ 3.]
# ->  [ 7.]
# ->  [11.]]
print(into_itself(a.copy()))
# -> [[12. 15. 18. 21.]
# ->  [ 4.  5.  6.  7.]
# ->  [ 8.  9. 10. 11.]]
print(number(a, np.zeros(())))  # -> 66.0
m = np.array([[1.0, 2.0], [3.0, 4.0]])
n = m.copy()
print(squared(n, m), n)
# -> [[ 7. 10.]
# ->  [15. 22.]] [[ 7. 10.]
# ->  [15. 22.]]
n = m.copy()
print(squared(n, n))
# -> [[ 7. 10.]
# ->  [15. 22.]]
print(vector(np.array([1.0, -1.0]), m))  # -> [-2. -2.]
s = m.copy()
s @= m
print(s)
# -> [[ 7. 10.]
# ->  [15. 22.]]
print(np.sum(a, axis=0, out=np.zeros(4)))  # -> [12. 15. 18. 21.]
t = np.zeros(3)
np.mean(a, axis=1, out=t)
print(t)  # -> [1.5 5.5 9.5]
