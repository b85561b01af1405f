# Text made in kernels: f-strings in print, and in exceptions that nobody catches here.
import numpy as np
from numba import njit


@njit
def show(n, x, flag):
    print(f"n={n}, x = {x}", f"{flag}{n + 1}", sep="|")
    print(f"{n=} {'text'} {{}} {(n, x)}")
    print(f"{n!r} {x!s}", *(), n, *(x, flag))
    print(*(), n, f"")
    print(f"{None} {np.float32(0.1)} {np.float32(0.1)!s} {1j * x}")


show(3, 0.5, True)
# -> n=3, x = 0.5|True4
# -> n=3 text {} (3, 0.5)
# -> 3 0.5 3 0.5 True
# -> 3 
# -> None 0.10000000149011612 0.1 0.5j


@njit
def guarded(n, limit):
    if n > limit:
        raise ValueError(f"{n} is above {limit}")
    assert n >= 0, f"negative: {n}"
    return n


@njit
def total(n):
    s = 0
    for i in range(n):
        s += guarded(i, 1000)
    return s


print(total(100))  # -> 4950
