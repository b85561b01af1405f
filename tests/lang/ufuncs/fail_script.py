"""At the top level, errors stand at the call."""
import numpy as np
from numba import njit, vectorize


@vectorize(["int32(int32)"])
def f(x):
    return x


print(f(np.int32(1)))  # -> 1
f(1.5)  # error: ufunc 'f' did not contain a loop with signature matching types (float (Python),) -> None
