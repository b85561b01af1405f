# only: device
# Reductions in loops over prange and by NumPy's functions, on the device: by threads, blocks, then here; the same each time.
import numpy as np
from numba import njit, prange


@njit(parallel=True, target='cuda')
def total(x):
    s = 0
    for i in prange(x.size):
        s += x[i]
    return s


x = np.arange(100001)
print(total(x), x.sum())  # -> 5000050000 5000050000
print(total(np.zeros(0, np.int64)), total(np.arange(7)))  # -> 0 21


@njit(parallel=True, target='cuda')
def several(x):
    s, p, lo, hi = 0.0, 1.0, np.inf, -np.inf
    for i in prange(x.size):
        s += x[i]
        p *= 1.0 if i % 1000 else 2.0
        lo = min(lo, x[i])
        if x[i] > hi:
            hi = x[i]
    return s, p, lo, hi


v = np.arange(4000.0)
v[17], v[3001] = -5.0, 9999.0
print(several(v), v.sum())  # -> (8004976.0, 16.0, -5.0, 9999.0) 8004976.0


@njit(parallel=True, target='cuda')
def of_arrays(m):
    return m.sum(), m.min(), m.max(), (m * m).sum(), np.prod(m[0, :3] + 1)


print(of_arrays(np.arange(12.0).reshape(3, 4)))  # -> (66.0, 0.0, 11.0, 506.0, 6.0)


@njit(parallel=True, target='cuda')
def along_axes(m):
    return m.sum(axis=0), m.sum(axis=1), m.max(axis=1)


for made in along_axes(np.arange(12.0).reshape(3, 4)):
    print(made)
# -> [12. 15. 18. 21.]
# -> [ 6. 22. 38.]
# -> [ 3.  7. 11.]


@njit(parallel=True, target='cuda')
def complex_sum(z):
    s = 0j
    for i in prange(z.size):
        s += z[i] * 1j
    return s


print(complex_sum(np.arange(1000) + 1j))  # -> (-1000+499500j)


@njit(parallel=True, target='cuda')
def bits(x):
    a, o, e = -1, 0, 0
    for i in prange(x.size):
        a &= x[i]
        o |= x[i]
        e ^= x[i]
    return a, o, e


w = np.arange(1, 70000) * 16 + 3
print(bits(w), np.bitwise_and.reduce(w), np.bitwise_or.reduce(w), np.bitwise_xor.reduce(w))  # -> (3, 2097139, 3) 3 2097139 3

f = (np.arange(1 << 20) % 977).astype(np.float32) * np.float32(0.001)


@njit(parallel=True, target='cuda')
def float_sum(x):
    return x.sum()


first = float_sum(f)
print(all([float_sum(f) == first for _ in range(5)]), abs(first / f.astype(np.float64).sum() - 1) < 1e-5)  # -> True True
