# A loop that only break leaves, with an else that never runs.
from numba import njit


@njit
def f(n):
    x = 0
    while True:
        x += 1
        if x > n:
            break
    else:
        x = 100
    return x


print(f(3))  # -> 4
