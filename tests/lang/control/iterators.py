# reversed, np.ndindex, np.ndenumerate, a.flat, and min and max of what is iterated.
import numpy as np
from numba import njit


@njit
def backwards(n, a, t):
    s = 0.0
    for i in reversed(range(n)):
        s = s * 10 + i
    for x in reversed(a):
        s = s * 10 + x
    for x in reversed(t):
        s = s * 10 + x
    return s


@njit
def odd_steps():
    s = 0
    for i in reversed(range(10, 1, -3)):
        s = s * 100 + i
    for i in reversed(range(5, 2)):
        s = -1
    for i, x in enumerate(reversed((7, 8))):
        s = s * 10 + i * x
    for x, y in zip(reversed(range(3)), (1, 2)):
        s = s * 10 + x * y
    for x in reversed(()):
        s = -1
    return s


@njit
def rows(a):
    for row in reversed(a):
        print(row[0], row[1])
    for x in reversed(a[0]):
        print(x)


print(backwards(3, np.array([4, 5]), (6, 7)))  # -> 2105476.0
print(odd_steps())  # -> 407100722
rows(np.arange(4).reshape(2, 2))
# -> 2 3
# -> 0 1
# -> 1
# -> 0


@njit
def indices(shape):
    s = 0
    for i, j in np.ndindex(shape):
        s = s * 3 + i * 2 + j
    for ij in np.ndindex(2, 2):
        if ij[0] == ij[1]:
            continue
        s = s * 3 + ij[0]
    else:
        s += 1000000
    return s


@njit
def first_above(a, limit):
    for index, x in np.ndenumerate(a):
        if x > limit:
            break
    else:
        return (-1, -1), -1.0
    return index, x


@njit
def marked(a):
    b = np.zeros_like(a)
    for (i, j), x in np.ndenumerate(a):
        if j == 1:
            continue
        b[i, j] = x * (i + 1)
    return b


@njit
def corner_cases(x):
    n = 0
    for _ in range(2):
        for _ in np.ndindex():
            n += 1
            if n < 2:
                continue
        n += 1
    for _ in np.ndindex(3, 0, 2):
        n += 100
    for index, v in np.ndenumerate(np.array(x)):
        n += len(index) + int(v) * 10
    for k in np.ndindex(4):
        if k[0] == 2:
            break
        n += 1
    return n


@njit
def negative(n):
    for _ in np.ndindex(2, n):
        pass


print(indices((2, 2)), indices((1, 3)))  # -> 1000163 1000046
a = np.array([[1.0, 5.0], [9.0, 2.0]])
print(first_above(a, 4.0), first_above(a, 8.0), first_above(a, 10.0))  # -> ((0, 1), 5.0) ((1, 0), 9.0) ((-1, -1), -1.0)
print(first_above(a.T, 4.0))  # -> ((0, 1), 9.0)
print(marked(a).sum(), marked(a.T).sum(), marked(np.asfortranarray(a))[1, 0])  # -> 19.0 11.0 18.0
print(corner_cases(2.0))  # -> 26


@njit
def lengths(a):
    n = 0
    for _ in range(len(a.flat)):
        n += 1
    return n, len(a.flat)


@njit
def extremes(t, a):
    return min((1, 2, 3)), max((1, 2.5)), min(t), max(t), max(a), min(range(4, 9))


print(lengths(a), lengths(a[:, :1]))  # -> (4, 4) (2, 2)
print(extremes((3, 1, 2), np.array([0.5, 7.5])))  # kjit -> (1, 2.5, 1, 3, 7.5, 4)
# cpython -> (1, 2.5, 1, 3, 7.5, 4)
