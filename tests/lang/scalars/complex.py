# Complex numbers.
import cmath
from numba import njit


@njit
def arith(a, b):
    return a + b, a - b, a * b, a / b, a == b, a != b


@njit
def parts(z):
    return z.real, z.imag, z.conjugate(), abs(z), -z


@njit
def mixed(z, x):
    return z * x, z + 1, 2j * x, z ** 2


@njit
def build(x, y):
    return complex(x, y), complex(x), x + y * 1j


@njit
def functions(z):
    return cmath.sqrt(z), cmath.phase(z), abs(cmath.exp(z) - 1)


print(arith(1 + 2j, 3 - 1j))  # -> ((4+1j), (-2+3j), (5+5j), (0.1+0.7000000000000001j), False, True)
print(parts(3 + 4j))  # -> (3.0, 4.0, (3-4j), 5.0, (-3-4j))
print(mixed(1 + 1j, 2.0))  # -> ((2+2j), (2+1j), 4j, 2j)
print(build(1.5, -2.0))  # -> ((1.5-2j), (1.5+0j), (1.5-2j))
print(functions(-4 + 0j)[0], functions(0j))  # -> 2j (0j, 0.0, 0.0)
