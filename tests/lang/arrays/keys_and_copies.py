# np.lexsort, ix_, sort_complex, histogram2d, histogram_bin_edges, copyto, rollaxis and names that stand for others.
import numpy as np
from numba import njit


@njit
def orders(x, y):
    return np.lexsort((x, y)), np.lexsort(np.vstack((x, y))), np.sort_complex(x)[:2]


@njit
def crossed(a, rows, columns):
    return a[np.ix_(rows, columns)]


@njit
def cells(x, y, w):
    h, xe, ye = np.histogram2d(x, y, 3)
    pair = np.histogram2d(x, y, (2, np.array([0.0, 1.0, 5.0])), ((0, 4), (0, 5)))[0]
    return h, xe, ye[-1], pair, np.histogram2d(x, y, np.array([0.0, 1, 3, 4]), None, False, w)[0], np.histogram_bin_edges(x, 4)


@njit
def copied(b):
    np.copyto(b, np.arange(3))
    first = b.copy()
    np.copyto(b, -1, where=b > 1)
    np.copyto(b, b[:, ::-1])
    return first, b


@njit
def shapes(a):
    return np.rollaxis(a, 3, 1).shape, np.rollaxis(a, 2).shape, np.rollaxis(a, 1, 4).shape, np.permute_dims(a).shape, np.matrix_transpose(a).shape


x = np.array([1.0, 2, 0, 3, 1.5, 2])
y = np.array([4.0, 0, 1, 1, 2, 0])
a = np.arange(12).reshape(3, 4)
print(orders(x, y))  # -> (array([1, 5, 2, 3, 4, 0]), array([1, 5, 2, 3, 4, 0]), array([0.+0.j, 1.+0.j]))
print(crossed(a, np.array([0, 2]), np.array([1, 3])).tolist(), crossed(a, np.array([True, False, True]), np.array([2, 0])).tolist())  # -> [[1, 3], [9, 11]] [[2, 0], [10, 8]]
for part in cells(x, y, np.array([1, 2, 3, 4, 5, 6.0])):
    print(part.tolist())
# -> [[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [3.0, 0.0, 0.0]]
# -> [0.0, 1.0, 2.0, 3.0]
# -> 4.0
# -> [[0.0, 3.0], [2.0, 1.0]]
# -> [[0.0, 3.0, 0.0], [8.0, 5.0, 1.0], [0.0, 4.0, 0.0]]
# -> [0.0, 0.75, 1.5, 2.25, 3.0]
first, b = copied(np.zeros((2, 3)))
print(first.tolist(), b.tolist())  # -> [[0.0, 1.0, 2.0], [0.0, 1.0, 2.0]] [[-1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]]
print(shapes(np.ones((3, 4, 5, 6))))  # -> ((3, 6, 4, 5), (5, 3, 4, 6), (3, 5, 6, 4), (6, 5, 4, 3), (3, 4, 6, 5))
print(np.concat((x, y))[5:7], np.vecdot(a, a), np.vecdot(a * 1j, a))  # -> [2. 4.] [ 14 126 366] [0. -14.j 0.-126.j 0.-366.j]
