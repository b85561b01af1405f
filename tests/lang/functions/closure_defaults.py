from numba import njit

OFFSET = 10


@njit
def computed(n):
    def add(x, k=n * 2, *, scale=n + 0.5):
        return (x + k) * scale

    m = n
    f = lambda x, y=m + OFFSET, z=2: x * y * z
    n = 100
    return add(1), add(1, 2), add(1, scale=1), f(1), f(1, 1), n


@njit
def loop(n):
    s = 0
    for i in range(n):
        def g(x, i=i):
            return x * i
        s = s * 10 + g(2)
    return s

@njit
def apply(f, x):
    return f(x)

@njit
def passed(a, t=None):
    def get(x, a=a[1:], t=t):
        if t is None:
            return a[0] + x
        return a[1] + x
    return apply(get, 1), get(2, t=3)

import numpy as np
print(computed(3))  # -> (24.5, 10.5, 7, 26, 2, 100)
print(loop(4))  # -> 246
print(passed(np.arange(3.0)))  # -> (2.0, 4.0)
