# Loops over prange of which nothing proves that their iterations share no element: they run in order, with a warning, and give what range
# gives. Loops that are proved run on threads, and give the same. Sizes and work go over the point where threads are used.
import numpy as np
from numba import njit, prange

N = 20000


@njit
def work(x):
    for q in range(12):
        x = np.sqrt(x + q)
    return x


@njit(parallel=True)
def reversed_view(a):
    c = a[::-1]
    for i in prange(a.size):
        a[i] = work(c[i])


@njit(parallel=True)
def from_the_end(a):
    for i in prange(a.size):
        a[a.size - 1 - i] = work(a[i])


@njit(parallel=True)
def folded_over(a):
    for i in prange(-a.size + 1, a.size):
        a[abs(i)] += work(i + N)


@njit(parallel=True)
def kept_below(a, c):
    for i in prange(a.size):
        a[min(i, c)] = work(i)


@njit(parallel=True)
def negative(a):
    for i in prange(a.size):
        a[-i] = work(i)
        a[i] += 1


@njit(parallel=True)
def halved(a, c):
    for i in prange(a.size):
        k = i
        while k > c:
            k = k // 2
        a[k] = work(i)


@njit(parallel=True)
def gathered(a, k):
    for i in prange(a.size):
        a[i] = work(a[k[i]])


@njit(parallel=True)
def shifted(a, b):
    for i in prange(a.size - 1):
        b[i + 1] = work(a[i])


@njit(parallel=True)
def exchanged(a, b):
    for t in range(3):
        for i in prange(1, a.size):
            b[i] = work(a[i - 1] + t)
        a, b = b, a
    return a


@njit(parallel=True)
def rows(m):
    for i in prange(1, m.shape[0]):
        r = m[i // 2]
        r[0] = work(m[i, 1])


@njit(parallel=True)
def chequered(m, colour):
    for i in prange(1, m.shape[0] - 1):
        for j in range(1 + (i + colour) % 2, m.shape[1] - 1, 2):
            m[i, j] = work(m[i - 1, j] + m[i + 1, j] + m[i, j - 1])


@njit(parallel=True)
def folds(a):
    s = 0
    least = 10**9
    for i in prange(a.size):
        s += a[i]
        s -= i
        if i % 3 == 0:
            s += 2
            s += a[i] // 2
        least = min(least, a[i])
        least = min(least, 10 * i + 5)
    return s, least


@njit(parallel=True)
def spans(lo, hi, step):
    count = 0
    for i in prange(lo, hi, step):
        count += 1
    return count, i


def shown(a):
    return '%.9g' % a.sum(), '%.9g' % a.ravel()[N // 3]


for f in (reversed_view, from_the_end, folded_over, negative):
    a = np.arange(N) * 1.0
    f(a)
    print(shown(a))
# -> ('76618.4841', '3.83092427')
# -> ('76618.4838', '3.83092414')
# -> ('200143233', '6673.66185')
# -> ('86619.485', '3.83092427')
for f in (kept_below, halved):
    a = np.zeros(N)
    f(a, 100)
    print(shown(a), round(a[100], 6))
# -> ('386.92334', '0') 3.830924
# -> ('386.923345', '0') 3.830924
a = np.arange(N) * 1.0
gathered(a, (np.arange(N) * 7) % N)
print(shown(a))  # -> ('76618.484', '3.83092414')
a = np.arange(N) * 1.0
shifted(a, a)
print(shown(a))  # -> ('76614.6519', '3.83092414')
b = np.zeros(N)
shifted(a, b)
print(shown(b))  # -> ('76614.6519', '3.83092414')
shifted(a[5:], a[:-5])
print(shown(a))  # -> ('76614.6519', '3.83092414')
print(shown(exchanged(np.arange(N) * 1.0, np.zeros(N))))  # -> ('76614.6519', '3.83092414')
a = np.arange(N) * 1.0
print(shown(exchanged(a, a)))  # -> ('76614.6519', '3.83092414')
m = np.arange(4.0 * N).reshape(N, 4)
rows(m)
print(shown(m))  # -> ('3.00001831e+09', '6666')
for colour in (0, 1):
    m = np.arange(8.0 * N).reshape(N, 8)
    chequered(m, colour)
    print(shown(m))
# -> ('8.00065983e+09', '3.83092428')
# -> ('8.00065983e+09', '6666')
print(*folds(np.arange(N) * 3 % 1000))  # -> -188322833 0
most = 9223372036854775807
print(*spans(most, -most - 1, -(1 << 45)))  # -> 524288 -9223336852482686977
print(*spans(-most - 1, most, 1 << 62))  # -> 4 4611686018427387904
print(*spans(-5, most, most))  # -> 2 9223372036854775802
