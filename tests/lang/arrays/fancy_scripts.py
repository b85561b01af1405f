"""Arrays as indices at the top level of scripts."""
import numpy as np

x = np.arange(6.0)
i = np.array([1, 2])
m = np.arange(12).reshape(3, 4)
print(x[i], x[[0, -1]], x[x > 3])  # -> [1. 2.] [0. 5.] [4. 5.]
print(m[:, i].ravel(), m[1:, i].ravel(), m[i, ::2].ravel())  # -> [ 1  2  5  6  9 10] [ 5  6  9 10] [ 4  6  8 10]
print(m[i, None, 0].shape, m[..., i].shape, m[[0, 2], i], m[i, -1])  # -> (2, 1) (3, 2) [ 1 10] [ 7 11]
m[:, i] = 0
m[[0], 0:1] = 50
m[m > 9] += 100
m[1, [0, 3]] = np.array([8, 9])
print(m.ravel())  # -> [150   0   0   3   8   0   0   9   8   0   0 111]
x[i] *= 3
x[x == 0] = -1
print(x)  # -> [-1.  3.  6.  3.  4.  5.]
print(np.nonzero(x > 3), np.where(x > 3, x, 0.0), np.sort(-x)[:2])  # -> (array([2, 4, 5]),) [0. 0. 6. 0. 4. 5.] [-6. -5.]
print(np.cov(np.array([[1.0, 2.0], [3.0, 5.0]]), rowvar=False))
# -> [[2.  3. ]
# ->  [3.  4.5]]
print(np.concatenate((x, x)).size, np.histogram(x, 2)[0], np.trace(m))  # -> 12 [1 5] 150
