# None, optional values and results, isinstance, pruned branches.
import numpy as np
from numba import njit


@njit
def default(x, y=None):
    if y is None:
        y = 10
    return x + y


@njit
def find(a, v):
    for i in range(a.size):
        if a[i] == v:
            return i
    return None


@njit
def use(a, v):
    i = find(a, v)
    if i is None:
        return -1
    return i + 1


@njit
def kind(x):
    if isinstance(x, int):
        return 1
    elif isinstance(x, float):
        return 2
    elif isinstance(x, np.ndarray):
        return 3 + x.ndim
    elif x is None:
        return 0
    return 9


@njit
def ternary(x, out=None):
    r = np.zeros(2) if out is None else out
    r[0] = x
    return r


@njit
def nothing():
    pass


print(default(1), default(1, 2.5), default(1, None))  # -> 11 3.5 11
print(find(np.arange(3), 2), find(np.arange(3), 7))  # -> 2 None
print(use(np.arange(3), 2), use(np.arange(3), 7))  # -> 3 -1
print(kind(1), kind(1.5), kind(np.zeros((2, 2))), kind(None), kind((1, 2)))  # -> 1 2 5 0 9
print(ternary(3.0), ternary(4.0, np.ones(2)), nothing())  # -> [3. 0.] [4. 1.] None
