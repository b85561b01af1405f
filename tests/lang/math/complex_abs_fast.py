"""abs of complex numbers with and without fast-math: the same but where squares overflow."""
import numpy as np
from numba import njit


@njit(fastmath=True)
def fast(z):
    return np.absolute(z), abs(z[0])


@njit
def exact(z):
    return np.abs(z), abs(z[0])


@njit(fastmath={"reassoc", "contract"})
def large(z):
    return abs(z)


z = np.array([3 + 4j, -5 + 12j, 0j, 8 - 15j, 1e-9j])
print(fast(z)[0].tolist(), fast(z)[1])  # -> [5.0, 13.0, 0.0, 17.0, 1e-09] 5.0
print(exact(z)[0].tolist(), exact(z)[1])  # -> [5.0, 13.0, 0.0, 17.0, 1e-09] 5.0
print(np.round(fast(z.astype(np.complex64))[0], 4).tolist())  # -> [5.0, 13.0, 0.0, 17.0, 0.0]
print(round(exact(np.array([3e200 + 4e200j]))[1] / 1e200, 9), round(large(3e-200 + 4e-200j) * 1e200, 9))  # -> 5.0 5.0
