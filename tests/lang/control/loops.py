# for and while, else, break, continue, nested; ranges with every kind of step; loop variables after the loop.
import numpy as np
from numba import njit, prange


@njit
def ranges(a, b, s):
    total = 0
    last = -1
    for i in range(a, b, s):
        total = total * 3 + i
        last = i
    return total, last


@njit
def loop_else(n, stop):
    for i in range(n):
        if i == stop:
            r = 1
            break
    else:
        r = 2
    k = n
    while k > 0:
        k -= 1
        if k == stop:
            break
        if k % 2:
            continue
        r += 10
    else:
        r += 1000
    return r, k


@njit
def after(n):
    i = 100
    for i in range(n):
        i = i * 2
    return i


@njit
def nested(n):
    count = 0
    for i in range(n):
        for j in range(i, n):
            if (i + j) % 3 == 0:
                continue
            if j > i + 4:
                break
            count += i * j
    return count


@njit
def over(a):
    s = 0.0
    for row in a:
        for v in row:
            s += v
    for i, row in enumerate(a):
        s += i * row[0]
    for x, y in zip(a[0], a[1]):
        s += x * y
    for t in (1, 2, 3):
        s += t
    for v in a.flat:
        s += v
    return s


@njit(parallel=True)
def parallel(n):
    s = 0
    for i in prange(n):
        s += i
    return s


print(ranges(0, 5, 1), ranges(5, 0, -1), ranges(0, 10, 3), ranges(3, 3, 1), ranges(0, -7, -2))  # -> (58, 4) (547, 1) (54, 9) (0, -1) (-36, -6)
print(loop_else(5, 3), loop_else(5, 7))  # -> (11, 3) (1032, 0)
print(after(3), after(0))  # -> 4 100
print(nested(12))  # -> 1262
print(over(np.arange(12.0).reshape(3, 4)))  # -> 196.0
print(parallel(100))  # -> 4950
