# Sums, extremes and means over the same data, which share loops: the bits are those of each alone.
import numpy as np
from numba import njit


@njit
def moments(a):
    s = a.sum()
    q = (a * a).sum()
    c = (a * a * a).sum()
    return s, q, c


@njit
def alone1(a):
    return a.sum()


@njit
def alone2(a):
    return (a * a).sum()


@njit
def alone3(a):
    return (a * a * a).sum()


@njit
def means(a, b):
    m = a.mean()
    n = (a * b).mean()
    k = m + n
    r = b.sum() / 2
    return m, n, k, r


@njit
def extremes(a):
    low = a.min()
    high = a.max()
    width = high - low
    count = np.count_nonzero(a > 0.5)
    return low, high, width, count


@njit
def renamed(a, k):
    x = a.sum() * k
    k = 3.0
    y = (a + 1.0).sum() * k
    x = x + 1.0
    z = (a - x).sum()
    return x, y, z


@njit
def overwritten(a):
    s = a.sum()
    s = s * 2.0
    t = (a * s).sum()
    s = (a + 2.0).sum()
    return s, t


@njit
def of_columns(m):
    s = m.sum()
    q = (m * m).sum()
    t = m.T.sum()
    return s, q, t


for n in (0, 1, 7, 8, 9, 127, 128, 129, 1000, 4099):
    a = np.sin(np.arange(n) * 1.7) * 1e3 + 0.1
    a32 = a.astype(np.float32)
    z = a + 1j * a[::-1]
    for x in (a, a32, z, a[::2], a[::-1]):
        s, q, c = moments(x)
        if not (s == alone1(x) and q == alone2(x) and c == alone3(x)):
            print("differ", n, x.dtype)
a = np.linspace(0.0, 1.0, 100)
for part in means(a, a[::-1]):
    print(part)
# -> 0.5
# -> 0.16498316498316506
# -> 0.664983164983165
# -> 25.000000000000004
for part in extremes(a):
    print(part)
# -> 0.0
# -> 1.0
# -> 1.0
# -> 50
for part in renamed(a[:8], 2.0):
    print(part)
# -> 1.5656565656565657
# -> 24.84848484848485
# -> -12.242424242424242
for part in overwritten(a[:8]):
    print(part)
# -> 16.282828282828284
# -> 0.15998367513519035
m = np.arange(12.0).reshape(3, 4)
for part in of_columns(m):
    print(part)
# -> 66.0
# -> 506.0
# -> 66.0
for part in of_columns(m[:, ::2]):
    print(part)
# -> 30.0
# -> 220.0
# -> 30.0
for part in of_columns(np.asfortranarray(m)):
    print(part)
# -> 66.0
# -> 506.0
# -> 66.0
