# Arrays of an iteration that exchange names in an inner loop, and reductions written in two ways: on threads, and as range gives them.
import numpy as np
from numba import njit, prange

N = 3000


@njit(parallel=True)
def waves(x, out, steps):
    for i in prange(x.shape[0]):
        before = x[i].copy()
        now = x[i] * 2
        after = np.zeros_like(now)
        for t in range(steps):
            after[1:-1] = 2 * now[1:-1] - before[1:-1] + 0.1 * (now[2:] - 2 * now[1:-1] + now[:-2])
            before, now, after = now, after, before
        out[i] = now[1] + before[2]


@njit(parallel=True)
def turns(x, out, steps):
    for i in prange(x.shape[0]):
        pair = (x[i] + 1, np.ones(8))
        for t in range(steps):
            pair[0][t % 8] += pair[1][0]
            pair = (pair[1], pair[0])
        out[i] = pair[0].sum() - pair[1][3]


@njit(parallel=True)
def least(x):
    m = 1e9
    for i in prange(x.shape[0]):
        m = min(m, x[i, 0] + 3)
        if x[i, 1] < m:
            m = x[i, 1]
        for k in range(8):
            if x[i, k] * 0.75 < m:
                m = x[i, k] * 0.75
    return m


@njit
def waves_in_order(x, out, steps):
    for i in range(x.shape[0]):
        before = x[i].copy()
        now = x[i] * 2
        after = np.zeros_like(now)
        for t in range(steps):
            after[1:-1] = 2 * now[1:-1] - before[1:-1] + 0.1 * (now[2:] - 2 * now[1:-1] + now[:-2])
            before, now, after = now, after, before
        out[i] = now[1] + before[2]


@njit
def turns_in_order(x, out, steps):
    for i in range(x.shape[0]):
        pair = (x[i] + 1, np.ones(8))
        for t in range(steps):
            pair[0][t % 8] += pair[1][0]
            pair = (pair[1], pair[0])
        out[i] = pair[0].sum() - pair[1][3]


@njit
def least_in_order(x):
    m = 1e9
    for i in range(x.shape[0]):
        m = min(m, x[i, 0] + 3)
        if x[i, 1] < m:
            m = x[i, 1]
        for k in range(8):
            if x[i, k] * 0.75 < m:
                m = x[i, k] * 0.75
    return m


def shown(v):
    return f"{v.sum():.9g}", f"{v[7]:.9g}", f"{v[-1]:.9g}"


x = (np.arange(8.0 * N) * 7919 % 1009).reshape(N, 8) - 5
out = np.zeros(N)
for f in (waves, waves_in_order):
    f(x, out, 20)
    print(*shown(out))
# -> 9514040.02 3566.05447 3540.18182
# -> 9514040.02 3566.05447 3540.18182
for f in (turns, turns_in_order):
    f(x, out, 25)
    print(*shown(out))
# -> 16595066 6090 11172
# -> 16595066 6090 11172
print(least(x), least_in_order(x))  # -> -5.0 -5.0
