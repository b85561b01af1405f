"""Reductions over the first axis, statements on few long rows, loops of two prange: all exact in float64."""
import numpy as np
from numba import njit, prange


@njit(parallel=True)
def folds(a):
    return a.sum(axis=0), a.max(axis=0), a.min(axis=0), np.mean(a, axis=0), (a > 3).any(axis=0), (a > -8).all(axis=0)


@njit(parallel=True)
def kept(a):
    return np.sum(a, axis=0, keepdims=True), np.sum(a, axis=1), np.sum(a, axis=(0, 1)), np.prod(np.sign(a), axis=0)


@njit(parallel=True)
def stencil(a):
    b = np.zeros(a.shape)
    b[:, 1:-1] = a[:, 2:] - 2 * a[:, 1:-1] + a[:, :-2]
    b[:, ::3] *= 2
    return b


@njit(parallel=True)
def pairs(a, b):
    s = 0.0
    for i in prange(a.shape[0]):
        for j in prange(a.shape[1]):
            b[i, j] = a[i, j] * 2 + i
    for i in prange(a.shape[0]):
        for j in prange(a.shape[1]):
            s += b[i, j]
    return s


@njit(parallel=True)
def chained(a):
    for i in prange(a.shape[0]):
        for j in prange(1, a.shape[1]):
            a[i, j] += a[i, j - 1]
    return a


def grid(m, n, step):
    return (np.arange(m * n) * step % 17 - 8.0).reshape(m, n)


for m, n in ((3, 50000), (1, 2500), (5000, 7), (200, 2100), (40, 40), (2, 2), (1, 0)):
    a = grid(m, n, 5)
    if n > 0:
        for r in folds(a):
            print(r.shape, round(float(r.sum()), 6), r[-1], r[n // 2], end=' ')
        x, y, z, w = kept(a)
        print(x.shape, x.sum(), y.sum(), y[-1], z, w.sum())
    b = stencil(a)
    print(b.sum(), np.array_equal(stencil(a.T.copy().T), b))
    if n > 1:
        print(pairs(a, b), b.sum(), b[m - 1, n - 1], chained(b).sum())
# -> (50000,) -11.0 0.0 18.0 (50000,) 164702.0 2.0 8.0 (50000,) -164713.0 -2.0 4.0 (50000,) -3.666667 0.0 6.0 (50000,) 26470.0 False True (50000,) 41176.0 True True (1, 50000) -11.0 -11.0 -4.0 -11.0 -2.0
# -> 34.0 True
# -> 149978.0 149978.0 -2.0 3750174958.0
# -> (2500,) -8.0 -8.0 3.0 (2500,) -8.0 -8.0 3.0 (2500,) -8.0 -8.0 3.0 (2500,) -8.0 -8.0 3.0 (2500,) 735.0 False False (2500,) 2352.0 False True (1, 2500) -8.0 -8.0 -8.0 -8.0 -1.0
# -> -34.0 True
# -> -16.0 -16.0 -16.0 -25006.0
# -> (7,) 3.0 11.0 15.0 (7,) 56.0 8.0 8.0 (7,) -56.0 -8.0 -8.0 (7,) 0.0006 0.0022 0.003 (7,) 7.0 True True (7,) 0.0 False False (1, 7) 3.0 3.0 5.0 3.0 0.0
# -> -34.0 True
# -> 87482506.0 87482506.0 5011.0 349929872.0
# -> (2100,) -3.0 -1.0 1.0 (2100,) 16800.0 8.0 8.0 (2100,) -16800.0 -8.0 -8.0 (2100,) -0.015 -0.005 0.005 (2100,) 2100.0 True True (2100,) 0.0 False False (1, 2100) -3.0 -3.0 4.0 -3.0 0.0
# -> -17.0 True
# -> 41789994.0 41789994.0 187.0 43900403388.0
# -> (40,) -11.0 -9.0 16.0 (40,) 320.0 8.0 8.0 (40,) -320.0 -8.0 -8.0 (40,) -0.275 -0.225 0.4 (40,) 40.0 True True (40,) 0.0 False False (1, 40) -11.0 -11.0 -8.0 -11.0 0.0
# -> -68.0 True
# -> 31178.0 31178.0 33.0 639102.0
# -> (2,) -2.0 4.0 4.0 (2,) 9.0 7.0 7.0 (2,) -11.0 -3.0 -3.0 (2,) -1.0 2.0 2.0 (2,) 1.0 True True (2,) 1.0 True True (1, 2) -2.0 -2.0 9.0 -2.0 -2.0
# -> 0.0 True
# -> -2.0 -2.0 15.0 -13.0
# -> 0.0 True
c = grid(30, 900, 3).reshape(30, 30, 30)
print(c.sum(axis=0).sum(), folds(c)[0][4, 5], kept(c)[2][7], kept(c)[0].shape)  # -> -14.0 -2.0 -8.0 (1, 30, 30)
i8 = grid(9, 9000, 7).astype(np.int64)
print(folds(i8)[0].dtype, folds(i8)[0][77], folds(i8)[1][78], kept(i8)[0][0, 79])  # -> int64 -2 7 5
