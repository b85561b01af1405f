# np.searchsorted, np.digitize.
import numpy as np


# By real, then by imaginary part; the order that np.sort leaves.
def before_complex(x, y):
    if x.real < y.real:
        return x.imag == x.imag or y.imag != y.imag
    if x.real > y.real:
        return y.imag != y.imag and x.imag == x.imag
    if x.real == y.real or (x.real != x.real and y.real != y.real):
        return x.imag < y.imag or (y.imag != y.imag and x.imag == x.imag)
    return y.real != y.real


# nan stands behind all numbers.
def before(x, y):
    if isinstance(x, complex) or isinstance(y, complex):
        return before_complex(x, y)
    if x < y:
        return True
    return y != y and x == x


# The first place in a[lo:hi] that is not before v, or the first behind it.
def place(a, v, right: literal, lo, hi):
    while lo < hi:
        mid = lo + ((hi - lo) >> 1)
        if right:
            go = not before(v, a[mid])
        else:
            go = before(a[mid], v)
        if go:
            lo = mid + 1
        else:
            hi = mid
    return lo


def check(a, side: literal):
    if a.ndim != 1:
        reject(a, "an array of 1 dimension")
    if side not in ("left", "right"):
        reject(side, "!side must be 'left' or 'right'")


def searchsorted(a: array, v, side: literal = "left", sorter=None):
    check(a, side)
    right = side == "right"
    if sorter is not None:
        if sorter.size != a.size:
            raise ValueError("sorter.size must equal keys.size")
        for s in sorter:
            if s < 0 or s >= a.size:
                raise ValueError("Sorter index out of range.")
        return searchsorted(a[sorter], v, side)
    if isinstance(v, tuple):
        return searchsorted(a, np.asarray(v), side)
    if isinstance(v, np.ndarray):
        out = np.empty(v.shape, np.int64)
        flat = v.ravel()
        to = out.ravel()
        for i in range(flat.size):
            to[i] = place(a, flat[i], right, 0, a.size)
        return out
    return np.int64(place(a, v, right, 0, a.size))


def digitize(x, bins: array, right: literal = False):
    if bins.ndim != 1:
        reject(bins, "an array of 1 dimension")
    up = True
    down = True
    for i in range(1, bins.size):
        if bins[i] < bins[i - 1]:
            up = False
        if bins[i] > bins[i - 1]:
            down = False
    if not up and not down:
        raise ValueError("bins must be monotonically increasing or decreasing")
    side = "left" if right else "right"
    if up:
        return searchsorted(bins, x, side)
    return bins.size - searchsorted(bins[::-1], x, side)
