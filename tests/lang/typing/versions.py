# Names bound again to other types; versions that meet.
import numpy as np
from numba import njit


@njit
def rebind(x):
    x = x + 1
    x = x * 0.5
    x = (x, x)
    x = np.full(2, x[0])
    return x


@njit
def meet(c):
    if c:
        v = 1
    else:
        v = 2.5
    return v


@njit
def in_loop(n):
    x = 1
    for i in range(n):
        x = x / 2
    return x


@njit
def separate(a):
    for i in range(2):
        t = a[i]
        a[i] = t + 1
    t = "done"
    print(t, i)
    return a


print(rebind(3))  # -> [2. 2.]
print(meet(True), meet(False), in_loop(3))  # kjit -> 1.0 2.5 0.125
# cpython -> 1 2.5 0.125
print(separate(np.array([1.0, 2.0])))  # -> done 1
# -> [2. 3.]
