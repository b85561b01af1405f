# @jit(forceobj=True): the evaluator runs the function for scripts, with Python's numbers and all that scripts have.
import numpy as np
from numba import jit, njit


@jit(forceobj=True)
def describe(a, digits=2):
    parts = [f"{x:.{digits}f}" for x in a]
    return ", ".join(parts)


@njit
def norm(a):
    return np.sqrt((a * a).sum())


@jit(forceobj=True, cache=True)
def kinds(values):
    out = []
    for v in values:
        out.append("many" if isinstance(v, tuple) else "one")
    return out


@jit(nopython=False, forceobj=True)
def calls_a_kernel(a):
    def half(x):
        return x / 2

    return half(norm(a))


@jit(forceobj=False)
def compiled(x):
    return x + 1


a = np.array([3.0, 4.0])
print(describe(a), describe(a, digits=1))  # -> 3.00, 4.00 3.0, 4.0
print(kinds([1, (2, 3), "x"]))  # -> ['one', 'many', 'one']
print(calls_a_kernel(a))  # -> 2.5
print(compiled(1))  # -> 2
