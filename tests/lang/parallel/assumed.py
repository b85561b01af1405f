# What proofs about loops over prange assume is tested when the loop begins: a multiplier of at least 1, indices that do not count from the
# end. Where it does not hold, the loop runs in order.
import numpy as np
from numba import njit, prange

N = 20000


@njit
def work(x):
    for q in range(12):
        x = np.sqrt(x + q)
    return x


@njit(parallel=True)
def spread(a, w):
    for i in prange(N):
        a[i * w] = a[i * w] * 0.5 + work(i)


@njit(parallel=True)
def spread_down(a, w):
    for i in prange(N - 1, -1, -1):
        a[i * w] = a[i * w] * 0.5 + work(i)


@njit(parallel=True)
def blocks(a, w):
    for i in prange(N // 4):
        for j in range(w):
            a[i * w + j] = a[i * w + j] * 0.5 + work(i) + j


@njit(parallel=True)
def from_behind(a, n):
    for i in prange(n - 1, 0, -1):
        a[i] = a[-i - 1] + work(i)


@njit(parallel=True)
def shifted(a, w):
    for i in prange(a.size // 2):
        a[i + w] = a[i + w] + work(i)


def shown(a):
    return f"{a.sum():.9g}", f"{a[0]:.9g}", f"{a[5]:.9g}", f"{a[-1]:.9g}"


for w in (1, 2, 0, -1):
    a = np.arange(2.0 * N)
    spread(a, w)
    print(w, *shown(a))
    spread_down(a, w)
    print(w, *shown(a))
# -> 1 700061618 3.83092412 6.33092414 39999
# -> 1 650102428 5.74638619 6.99638621 39999
# -> 2 600066618 3.83092412 5 39999
# -> 2 500109928 5.74638619 5 39999
# -> 0 799980008 7.66184855 5 39999
# -> 0 799980008 7.66184826 5 39999
# -> -1 500071618 3.83092412 5 20003.3309
# -> -1 350117428 5.74638619 5 10005.4964
for w in (4, 3, 1, 0, -3):
    a = np.arange(2.0 * N)
    blocks(a, w)
    print(w, *shown(a))
# -> 4 700091618 3.83092412 7.33092413 39999
# -> 3 743806214 3.83092412 8.33092413 39999
# -> 1 793750405 3.83092412 6.33092414 39999
# -> 0 799980000 0 5 39999
# -> -3 799980000 0 5 39999
for n in (N // 2, N):
    a = np.arange(N + 64) * 1.0
    from_behind(a, n)
    print(n, *shown(a))
# -> 10000 301930258 0 20061.8309 20063
# -> 20000 103285730 0 20061.8309 20063
for w in (0, 7, -7, -N // 4):
    a = np.arange(N) * 1.0
    shifted(a, w)
    print(w, *shown(a))
# -> 0 200028309 3.83092412 8.83092414 19999
# -> 7 200028309 0 5 19999
# -> -7 200028309 3.83092414 8.83092415 20002.8309
# -> -5000 200028309 3.83092424 8.83092424 20002.8309
