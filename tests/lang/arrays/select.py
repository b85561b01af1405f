"""Functions that pick, join, order and count elements."""
import numpy as np
from numba import njit


@njit
def found(x, m):
    return np.nonzero(x), np.where(m > 4), np.flatnonzero(m), m.nonzero()[1], m[np.where(m > 4)]


@njit
def taken(x, m):
    i = np.array([2, 0, -1])
    return np.take(x, i), m.take(i), np.take(m, i, axis=1), np.take(m, 1, axis=0), np.take(m, -1), np.take(x, np.array([[0], [1]]))


@njit
def counted(x, n):
    h, e = np.histogram(x, n)
    return h, e


@njit
def weighed(x, w):
    return np.histogram(x, 4, weights=w), np.histogram(x, bins=3, range=(1.0, 4.0))


@njit
def spread(m):
    return np.cov(m), np.cov(m, rowvar=False), np.cov(np.transpose(m), bias=True), np.cov(m, ddof=0)


@njit
def repeated(x, m):
    return np.repeat(x, 2), np.repeat(m, 2), m.repeat(2, axis=0), np.repeat(m, 3, axis=-1)


@njit
def joined(x, y, m):
    return (np.concatenate((x, y)), np.concatenate((m, m * 2), axis=1), np.hstack((x, y, x)), np.hstack((m, m)),
            np.vstack((x, y)), np.vstack((m, m[:1])), np.stack((x, y)), np.stack((x, y), axis=1))


@njit
def ordered(x, m):
    y = x.copy()
    y.sort()
    z = m.copy()
    z[1].sort()
    return np.sort(x), np.argsort(x), y, np.sort(m), m.argsort(), z, np.sort(x[::-2])


@njit
def diagonals(x, m):
    return (np.diag(m), np.diag(m, 1), np.diag(m, k=-1), np.diag(x), np.diag(x, -1), np.triu(m), np.tril(m, 1), np.triu(m, k=-1),
            np.trace(m), m.trace(1))


def show(results):
    for r in results:
        print(str(r).replace("\n", ""))


x = np.array([3.0, 0.0, -1.0, 2.5, 0.0])
m = np.array([[0, 5, 2], [7, 0, 9]])
show(found(x, m))
# -> (array([0, 2, 3]),)
# -> (array([0, 1, 1]), array([1, 0, 2]))
# -> [1 2 3 5]
# -> [1 2 0 2]
# -> [5 7 9]
show(taken(x, m))
# -> [-1.  3.  0.]
# -> [2 0 9]
# -> [[2 0 2] [9 7 9]]
# -> [7 0 9]
# -> 9
# -> [[3.] [0.]]
show(counted(np.array([1.0, 2.0, 2.5, 9.0, 3.0, 5.0]), 4))
# -> [3 1 1 1]
# -> [1. 3. 5. 7. 9.]
show(counted(np.array([1, 2, 3, 4, 1], dtype=np.int32), 3))
# -> [2 1 2]
# -> [1. 2. 3. 4.]
show(counted(np.array([0.1, 0.2, 0.3, 0.7], dtype=np.float32), 3))
# -> [2 1 1]
# -> [0.1        0.29999998 0.49999997 0.7       ]
show(counted(np.zeros(0), 2))
# -> [0 0]
# -> [0.  0.5 1. ]
show(counted(np.array([[2.0, 2.0], [2.0, 2.0]]), 2))
# -> [0 4]
# -> [1.5 2.  2.5]
show(weighed(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), np.array([0.5, 1.5, 2.0, 4.0, 8.0])))
# -> (array([ 0.5,  1.5,  2. , 12. ]), array([1., 2., 3., 4., 5.]))
# -> (array([1, 1, 2]), array([1., 2., 3., 4.]))
show(spread(np.array([[1.0, 2.0, 4.0], [2.0, 0.0, 1.0]])))
# -> [[ 2.33333333 -0.5       ] [-0.5         1.        ]]
# -> [[ 0.5 -1.  -1.5] [-1.   2.   3. ] [-1.5  3.   4.5]]
# -> [[ 0.25 -0.5  -0.75] [-0.5   1.    1.5 ] [-0.75  1.5   2.25]]
# -> [[ 1.55555556 -0.33333333] [-0.33333333  0.66666667]]
show(repeated(np.array([1, 2]), m))
# -> [1 1 2 2]
# -> [0 0 5 5 2 2 7 7 0 0 9 9]
# -> [[0 5 2] [0 5 2] [7 0 9] [7 0 9]]
# -> [[0 0 0 5 5 5 2 2 2] [7 7 7 0 0 0 9 9 9]]
show(joined(np.array([1.0, 2.0]), np.array([3, 4]), np.array([[1, 2], [3, 4]])))
# -> [1. 2. 3. 4.]
# -> [[1 2 2 4] [3 4 6 8]]
# -> [1. 2. 3. 4. 1. 2.]
# -> [[1 2 1 2] [3 4 3 4]]
# -> [[1. 2.] [3. 4.]]
# -> [[1 2] [3 4] [1 2]]
# -> [[1. 2.] [3. 4.]]
# -> [[1. 3.] [2. 4.]]
show(ordered(np.array([3.0, np.nan, -1.0, 2.5, 3.0, -np.inf, 7.0]), np.array([[3, 1, 2, 0], [9, 8, 9, 1]])))
# -> [-inf -1.   2.5  3.   3.   7.   nan]
# -> [5 2 3 0 4 6 1]
# -> [-inf -1.   2.5  3.   3.   7.   nan]
# -> [[0 1 2 3] [1 8 9 9]]
# -> [[3 1 2 0] [3 1 0 2]]
# -> [[3 1 2 0] [1 8 9 9]]
# -> [-1.  3.  3.  7.]
show(diagonals(np.array([1, 2]), np.array([[1, 2, 3], [4, 5, 6]])))
# -> [1 5]
# -> [2 6]
# -> [4]
# -> [[1 0] [0 2]]
# -> [[0 0 0] [1 0 0] [0 2 0]]
# -> [[1 2 3] [0 5 6]]
# -> [[1 2 0] [4 5 6]]
# -> [[1 2 3] [4 5 6]]
# -> 6
# -> 8
