# Conditions, ternaries, short circuits and what they evaluate.
import numpy as np
from numba import njit


@njit
def grade(x):
    if x >= 90:
        return 5
    elif x >= 70:
        return 4
    elif not x:
        return 0
    else:
        return 1


@njit
def guarded(a, i):
    return i < a.size and a[i] > 0.5


@njit
def values(a, b):
    return a or b, a and b, (a if b else b), not (a and b)


@njit
def chain(a, b, c):
    return a < b < c, a < b > c, a == b == c, a != b <= c


@njit
def membership(x):
    return x in (1, 2, 3), x not in (1, 2, 3)


print(grade(95), grade(70), grade(0), grade(5))  # -> 5 4 0 1
print(guarded(np.array([1.0]), 0), guarded(np.array([1.0]), 1))  # -> True False
print(values(0, 3), values(2, 0), values(1.5, 2.5))  # -> (3, 0, 0, True) (2, 0, 0, True) (1.5, 2.5, 1.5, False)
print(chain(1, 2, 3), chain(1, 3, 2), chain(2, 2, 2))  # -> (True, False, False, True) (False, True, False, False) (False, False, True, False)
print(membership(2), membership(5))  # -> (True, False) (False, True)
