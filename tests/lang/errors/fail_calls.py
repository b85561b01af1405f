from numba import njit


@njit
def g(a, b=1):
    return a + b


@njit
def f(x):
    p = g()  # error: 'g' lacks its argument 'a' [wrong-argument-count]
    q = g(1, 2, 3)  # error: 'g' takes 2 arguments, 3 given [wrong-argument-count]
    r = g(1, c=3)  # error: 'g' has no parameter 'c' [unexpected-keyword]
    s = g(1, a=2)  # error: 'a' is given twice [bad-argument]
    t = x(2)  # error: float (Python) is not callable [not-callable]
    return p


f(1.5)
