import math
from numba import njit


@njit
def f(x):
    if x > 5:
        raise ValueError(f"{x:.3f}")  # error: a format specification in a kernel is not supported [not-supported]
    print(f"{math.sqrt}")  # error: the text of 'math.sqrt' is not supported [not-supported]
    print(range(3))  # error: the text of range is not supported [not-supported]
    s = f"{x}"  # error: an f-string in a kernel is not supported [not-supported]
    return x


f(1)
