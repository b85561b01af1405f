# prange: bounds and steps, privates, reductions, last values, nesting. Sizes go over the point where threads are used.
import numpy as np
from numba import njit, prange

N = 20000


@njit(parallel=True)
def elements(a, b):
    for i in prange(a.shape[0]):
        b[i] = a[i] * 2 + 1


a = np.arange(float(N))
b = np.zeros(N)
elements(a, b)
print(b[0], b[1], b[N - 1], b.sum())  # -> 1.0 3.0 39999.0 400000000.0


@njit(parallel=True)
def steps(n, lo, hi, step):
    out = np.zeros(n)
    for i in prange(lo, hi, step):
        t = 0.0
        for j in range(50):
            t += i * j
        out[i] = t + 1
    return out


print(steps(N, 0, N, 1).sum(), steps(N, 5, N - 5, 3).sum(), steps(N, N - 1, -1, -1).sum(), steps(N, N - 1, 7, -4).sum())
# -> 244987770000.0 81629924964.0 244987770000.0 61256117748.0

@njit(parallel=True)
def far(lo, hi, step):
    count = 0
    for i in prange(lo, hi, step):
        count += 1
    return count


print(far(0, 2**63 - 1, 3 << 60), far(0, 2**63 - 1, 1 << 50), far(5, 5, 3), far(5, 6, 3), far(5, 4, 3), far(9, -1, -4))  # -> 3 8192 0 1 0 3
print(steps(10, 7, 3, 1).sum(), steps(10, 3, 7, -1).sum())  # -> 0.0 0.0


@njit(parallel=True)
def folds(k):
    total = 0
    product = 1
    bits = 0
    mask = -1
    flips = 0
    smallest = 10 ** 9
    largest = -1
    count = 0
    for i in prange(k.size):
        v = k[i]
        total += v
        product *= (v % 3) * 2 + 1
        bits |= v & 255
        mask &= v | 1024
        flips ^= v
        smallest = min(smallest, v)
        if v > largest:
            largest = v
        if v % 2 == 0:
            count -= 1
    return total, product, bits, mask, flips, smallest, largest, count


k = (np.arange(N) * 7919) % 10007 + 3
print(*folds(k))  # -> 100120907 8321136264262295815 255 1024 9777 3 10009 -10001
print(*folds(k[:0]))  # -> 0 1 0 -1 0 1000000000 -1 0
print(*folds(k[:1]))  # -> 3 1 3 1027 3 3 3 0


@njit(parallel=True)
def complex_sum(n):
    s = 0j
    p = 1.0
    for i in prange(n):
        s += complex(i, -i)
        p *= 1.0
    return s, p


print(complex_sum(N))  # -> ((199990000-199990000j), 1.0)


@njit(parallel=True)
def last(n):
    x = -1
    y = 0.5
    for i in prange(n):
        x = i * 3
        y = x / 2
    return x, y, i


print(last(N))  # -> (59997, 29998.5, 19999)


@njit(parallel=True)
def last_of_none(n):
    x = -1
    for i in prange(n):
        x = i
    return x


print(last_of_none(0), last_of_none(1), last_of_none(N))  # -> -1 0 19999


@njit(parallel=True)
def nested(n):
    c = np.empty((n, n), np.int64)
    for i in prange(n):
        for j in prange(n):
            c[i, j] = i * n + j
    return c


c = nested(200)
print(c.sum(), c[3, 7], c[199, 198])  # -> 799980000 607 39998


@njit(parallel=True)
def private_arrays(n):
    out = np.zeros(n)
    for i in prange(n):
        row = np.zeros(8)
        for j in range(8):
            row[j] = i + j
        out[i] = row.sum() - row[0] * 8
    return out


print(private_arrays(3000).sum())  # -> 84000.0


@njit(parallel=True)
def skips(n):
    s = 0
    for i in prange(n):
        if i % 3 == 0:
            continue
        for j in range(100):
            if j > i % 5:
                break
            s += j
    return s


print(skips(N))  # -> 53334


@njit(parallel=True)
def triangle(n):
    out = np.zeros(n, np.int64)
    for i in prange(n):
        for j in range(i, n):
            out[i] += j
    return out


print(triangle(1000).sum())  # -> 333333000


@njit(parallel=True)
def in_time(n, steps):
    a = np.zeros(n)
    b = np.zeros(n)
    a[n // 2] = 1.0
    for t in range(steps):
        for i in prange(1, n - 1):
            b[i] = 0.25 * a[i - 1] + 0.5 * a[i] + 0.25 * a[i + 1]
        a, b = b, a
    return a


print(in_time(N, 10)[N // 2 - 3:N // 2 + 4])
# -> [0.07392883 0.12013435 0.16017914 0.17619705 0.16017914 0.12013435
# ->  0.07392883]


@njit(parallel=True)
def carried(n):
    # an iteration reads what the one before has written: the loop keeps its order
    s = 1
    out = np.zeros(n, np.int64)
    for i in prange(n):
        s = (s * 7 + i) % 1001
        out[i] = s
    return out


print(carried(N).sum())  # -> 9981265


@njit
def not_parallel(n):
    s = 0
    for i in prange(n):
        if i == 100:
            break
        s += i
    return s


print(not_parallel(N))  # -> 4950
