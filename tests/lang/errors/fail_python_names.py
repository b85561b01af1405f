# Names of Python that the language does not have are not said to be undefined.
from numba import njit


@njit
def f(x):
    a = str(x)  # error: 'str' in a kernel is not supported [not-supported]
    b = dict()  # error: 'dict' in a kernel is not supported [not-supported]
    c = open("a")  # error: 'open' in a kernel is not supported [not-supported]
    d = sorted((1, 2))  # error: 'sorted' in a kernel is not supported [not-supported]
    e = strr(x)  # error: name 'strr' is not defined [undefined-name]
    return x


f(1)
