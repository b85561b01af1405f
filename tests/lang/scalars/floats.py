# Floats: division, floor, modulo with every sign, special values, rounding.
import numpy as np
from numba import njit


@njit
def divmods(a, b):
    return a // b, a % b, divmod(a, b)


@njit
def rounding(x):
    return round(x), round(x, 1), int(x), abs(x), -x, +x


@njit
def special():
    inf = np.inf
    nan = np.nan
    return inf, -inf, nan, inf - inf, nan == nan, nan != nan, inf > 1e308


@njit
def order(a, b):
    return min(a, b), max(a, b), min(a, b, 0.0), max(1.5, a, b)


print(divmods(7.5, 2.0))  # -> (3.0, 1.5, (3.0, 1.5))
print(divmods(-7.5, 2.0))  # -> (-4.0, 0.5, (-4.0, 0.5))
print(divmods(7.5, -2.0))  # -> (-4.0, -0.5, (-4.0, -0.5))
print(rounding(2.5), rounding(-3.75))  # -> (2, 2.5, 2, 2.5, -2.5, 2.5) (-4, -3.8, -3, 3.75, 3.75, -3.75)
print(rounding(0.5), rounding(1.5))  # -> (0, 0.5, 0, 0.5, -0.5, 0.5) (2, 1.5, 1, 1.5, -1.5, 1.5)
print(special())  # -> (inf, -inf, nan, nan, False, True, True)
print(order(1.0, -2.0))  # -> (-2.0, 1.0, -2.0, 1.5)
