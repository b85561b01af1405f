from numba import njit


@njit
def f(x):
    a = {1: 2}  # error: a dict in a kernel is not supported [not-supported]
    b = [v for v in (1, 2)]  # error: a list comprehension in a kernel is not supported [not-supported]
    c = f"{x}"  # error: an f-string in a kernel is not supported [not-supported]
    import math  # error: an import inside a kernel is not supported [not-supported]
    try:  # error: in a kernel is not supported [not-supported]
        pass
    except ValueError:
        pass
    return x


f(1)
