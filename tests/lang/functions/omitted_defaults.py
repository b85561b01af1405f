"""A default that a call leaves out is known when compiling; functions of one text with other defaults stay apart."""
import numpy as np
from numba import njit

made = []
for n in (1, 2, 3):
    @njit
    def scaled(x, k=n):
        return x * k
    made.append(scaled)
print([f(10) for f in made], made[1](10, 7), made[2](x=4), [f(10) for f in made])  # -> [10, 20, 30] 70 12 [10, 20, 30]


@njit
def total(a, scale=2, axis=0):
    return np.sum(a, axis=axis) * scale


print(total(np.arange(6.0).reshape(2, 3)), total(np.arange(6.0).reshape(2, 3), 3))  # -> [ 6. 10. 14.] [ 9. 15. 21.]


@njit
def counted(x, step=2, far=True):
    x += step
    step += 1  # assigned: no constant any more
    if far:
        x += step
    return x


print(counted(1), counted(1, 5), counted(1, 5, False), counted(1, far=False))  # -> 6 12 6 3


@njit
def outer(x):
    return counted(x) + counted(x, 4)


print(outer(1))  # -> 16
