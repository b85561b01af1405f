# Integer arithmetic: wrap, floor division, modulo, powers, shifts, bits.
from numba import njit


@njit
def arith(a, b):
    return a + b, a - b, a * b, a // b, a % b, a / b


@njit
def bits(a, b):
    return a & b, a | b, a ^ b, ~a, a << b, a >> b


@njit
def power(a, b):
    return a ** b, pow(a, b), a ** 2, a ** 0, 2 ** b


@njit
def mixed(a, x):
    return a + x, a * x, a // x, a % x, a ** x


@njit
def literals():
    return 0xFF, 0o17, 0b1010, 1_000_000, -5 // 2, -5 % 3, 5 // -2, 5 % -3


@njit
def shifts(a, n):
    return a << n, a >> n


print(arith(7, 2))  # -> (9, 5, 14, 3, 1, 3.5)
print(arith(-7, 2))  # -> (-5, -9, -14, -4, 1, -3.5)
print(arith(7, -2))  # -> (5, 9, -14, -4, -1, -3.5)
print(bits(12, 5))  # -> (4, 13, 9, -13, 384, 0)
print(power(3, 4))  # -> (81, 81, 9, 1, 16)
print(mixed(7, 2.5))  # -> (9.5, 17.5, 2.0, 2.0, 129.64181424216494)
print(mixed(-7, 2.0))  # -> (-5.0, -14.0, -4.0, 1.0, 49.0)
print(literals())  # -> (255, 15, 10, 1000000, -3, 1, -3, -1)
print(shifts(1, 62), shifts(-8, 1))  # -> (4611686018427387904, 0) (-16, -4)
