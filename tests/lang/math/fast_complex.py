# Complex exp under fastmath is exp(x) (cos y + i sin y).
import numpy as np
from numba import njit


@njit(fastmath=True)
def turned(z):
    return np.exp(z)


z = np.array([0j, 1.5 - 2j, -3 + 0.25j, 1e-9j])
print(np.allclose(turned(z), np.exp(z), rtol=1e-14))  # -> True
print(abs(turned(np.complex64(0.5 + 1j)) - np.exp(0.5 + 1j)) < 1e-6)  # -> True
