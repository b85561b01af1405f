# Loops over prange whose iterations share what they should not, as errors.
# flags: --races=error
import numpy as np
from numba import njit, prange


@njit
def bin_of(x, n):
    if x == 1.0:
        return n - 1
    return int(x * n)


@njit(parallel=True)
def f(a, b, m, k, n):
    c = a[1:]
    s = 0.0
    for i in prange(n):
        s = s * 0.5 + a[i]  # error: the iterations of the loop over 'i' depend on each other: an iteration reads 's', which an earlier one has written [loop-order]
    for i in prange(n):
        if b[i] > 3:
            s = b[i]  # error: the iterations of the loop over 'i' depend on each other: 's' is read after the loop, and not every iteration writes it [loop-order]
    for i in prange(n):
        m[:, 0] = np.max(m[:, i])  # error: all iterations of the loop over 'i' store to the same place in 'm' [race]
    for i in prange(n):
        a[0] += b[i]  # error: all iterations of the loop over 'i' update the same place in 'a' [race]
    for i in prange(n):
        a[k[i]] += b[i]  # error: two iterations of the loop over 'i' may update the same element of 'a' [race]
    for i in prange(n):
        j = bin_of(b[i], n)
        a[j] += b[i]  # error: two iterations of the loop over 'i' may update the same element of 'a' [race]
    for i in prange(1, n):
        a[i] = a[i - 1] + 1  # error: an iteration of the loop over 'i' reads elements of 'a' that others store to (1 iteration before) [race]
    for i in prange(n):
        c[i] = a[i]  # error: an iteration of the loop over 'i' reads elements of 'a' that others store to (1 iteration before) [race]
    for i in prange(n):
        a[i:i + 2] = b[i]  # error: iterations of the loop over 'i' store to the same elements of 'a' [race]
    for i in prange(n):
        a[i] = b[i]
        c[i] = b[i]  # error: iterations of the loop over 'i' store to elements of 'a' that others store to [race]
    return s


f(np.zeros(9), np.zeros(9), np.zeros((9, 9)), np.zeros(9, np.int64), 8)
