"""Arrays on the stack, and those whose memory one iteration leaves to the next: each iteration has its own values."""
import numpy as np
from numba import njit, prange


@njit
def zeros_again(n, m):
    s = 0.0
    for i in range(n):
        small = np.zeros(3)
        large = np.zeros(m)
        s += small[i % 3] + large[i % m]
        small[i % 3] = 7.0
        large[i % m] = 9.0
    return s, small, large.sum()


@njit
def filled_again(n, m):
    s = 0.0
    for i in range(n):
        w = np.full(m, i * 0.5)
        v = np.full((2, 2), i)
        s += w[0] + v[1, 1]
        w[0] = 100.0
        v[1, 1] = 100
    return s


@njit
def two_alive(n):
    old = np.zeros(3)
    s = 0.0
    for i in range(n):
        new = np.zeros(3)
        new[0] = i
        s += 10.0 * old[0] + new[0]
        old = new
    return s


@njit
def kept_in_tuple(n):
    pair = (np.zeros(2), np.zeros(2))
    for i in range(n):
        a = np.full(2, i * 1.0)
        pair = (a, pair[0])
    return pair[0][0], pair[1][0]


@njit
def sometimes(n, m):
    s = 0.0
    last = np.zeros(m)
    for i in range(n):
        if i % 3 == 0:
            last = np.zeros(m)
        last[0] += 1.0
        s = s * 2 + last[0]
    return s


@njit
def reversed_copy(m, times):
    a = np.arange(m)
    for i in range(times):
        a = a[::-1].copy()
        a[0] += 10
    return a


@njit
def through_view(n):
    s = 0.0
    row = np.zeros(2)
    for i in range(n):
        s += row[0]
        a = np.ones((2, 2)) * i
        row = a[1]
    return s


@njit
def rotation(points, angles):
    out = np.empty_like(points)
    for k in range(points.shape[0]):
        c = np.cos(angles[k])
        s = np.sin(angles[k])
        turn = np.array([[c, -s], [s, c]])
        out[k] = turn @ points[k]
    return out


@njit
def nothing_at_all(n, m):
    s = 0
    for i in range(n):
        w = np.zeros(m)
        s += w.size
    return s


@njit
def deep(n):
    a = np.zeros(50)
    a[n] = n
    if n > 0:
        return deep(n - 1) + a[n]
    return a[0]


@njit
def ends_early(n, m):
    for i in range(n):
        w = np.zeros(m)
        w[i] = i
        if i == 4:
            return w[1:].copy()
    return np.zeros(0)


@njit(parallel=True)
def chunks(n, m):
    out = np.zeros(n)
    for i in prange(n):
        w = np.zeros(m)
        v = np.zeros(3)
        for j in range(m):
            w[j] = i * j
            v[j % 3] += w[j]
        out[i] = w.sum() + v[1]
    return out.sum()


@njit
def none_of_them(n, m):
    s = 1
    for i in range(n):
        if i > 100:
            s += np.zeros(m).size
    return s


@njit
def another_name(choose, m):
    a = np.zeros(4)
    for i in range(4):
        a[i] = i
    x = np.ones(4) * m
    if choose:
        x = a
    x[:] = np.ones(4) * 2.0 + m
    y = a[::-1] + 1.0
    x[1:] = a[:-1] * 2.0
    return y, x.sum(), a.sum()


s, small, total = zeros_again(7, 5)
print(s, small, total)  # -> 0.0 [7. 0. 0.] 9.0
print(filled_again(5, 4))  # -> 15.0
print(two_alive(5))  # -> 70.0
first, second = kept_in_tuple(4)
print(first, second)  # -> 3.0 2.0
print(sometimes(8, 3))  # -> 400.0
print(reversed_copy(4, 3))  # -> [23  2  1 10]
print(through_view(4))  # -> 3.0
print(rotation(np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([0.0, 0.0])))
# -> [[1. 0.]
# ->  [0. 2.]]
print(nothing_at_all(3, 0), nothing_at_all(0, 5))  # -> 0 0
print(deep(40))  # -> 820.0
print(ends_early(9, 8), ends_early(2, 8))  # -> [0. 0. 0. 4. 0. 0. 0.] []
print(chunks(1000, 20))  # -> 129870000.0
print(none_of_them(10, 1 << 60))  # -> 1
for choose in (True, False):
    y, sum_x, sum_a = another_name(choose, 1.0)
    print(y, sum_x, sum_a)
# -> [4. 4. 4. 4.] 21.0 21.0
# -> [4. 3. 2. 1.] 9.0 6.0
