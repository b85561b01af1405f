# Calls between kernels: order, keywords, defaults, stars, recursion, functions as values.
from numba import njit


@njit
def outer(x):
    return inner(x, scale=2) + inner(scale=3, x=x) + inner(x)


@njit
def inner(x, scale=1, offset=0.5):
    return x * scale + offset


@njit
def gcd(a, b):
    if b == 0:
        return a
    return gcd(b, a % b)


@njit
def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


@njit
def total(first, *rest, weight=1):
    s = first * weight
    for r in rest:
        s += r
    return s


@njit
def forward(*args):
    return total(*args)


@njit
def square(x):
    return x * x


@njit
def compose(f, g, x):
    return f(g(x))


@njit
def adder(n):
    def add(x):
        return x + n
    return add(10) + compose(add, square, 3)


@njit
def table(x):
    f = lambda a, b=2: a ** b
    return f(x), f(x, 3)


print(outer(1.0))  # -> 7.5
print(gcd(84, 36), ackermann(2, 3))  # -> 12 9
print(total(1), total(1, 2, 3), total(1, 2, weight=5), forward(4, 5))  # -> 1 6 7 9
print(compose(square, square, 2), adder(5), table(3))  # -> 16 29 (9, 27)
