# Optional tuples: unpacked, indexed and run through, after a check and without one.
from numba import njit


@njit
def pair(n):
    if n > 0:
        return n, n * 2.0


@njit
def checked(n):
    t = pair(n)
    if t is None:
        return -1.0
    a, b = t
    first, *rest = t
    s = 0.0
    for x in t:
        s += x
    return a + b + t[0] + t[-1] + rest[0] + s + len(t)


@njit
def add(a, b):
    return a + b


@njit
def starred(n):
    t = pair(n)
    return add(*t), (*t, 1)


@njit
def unchecked(n):
    a, b = pair(n)
    return a + b


print(checked(2), checked(0))  # -> 24.0 -1.0
print(starred(3))  # -> (9.0, (3, 6.0, 1))
print(unchecked(1))  # -> 3.0
