# Values whose type says what they are, strings and dtypes, as text: inside of tuples too.
import numpy as np
from numba import njit


@njit
def described(value, n):
    return (value, n)


@njit
def show(n, a):
    t = ("a", n)
    print(t)  # -> ('a', 2)
    print(("it's", ("b", 'say "x"'), None, n))  # -> ("it's", ('b', 'say "x"'), None, 2)
    print(*t, f"{t} {('x',)}")  # -> a 2 ('a', 2) ('x',)
    print(described("k", n), described(("k",), n))  # -> ('k', 2) (('k',), 2)
    print(a.dtype, np.float64, f"{a.dtype} {np.float32}")  # -> float64 <class 'numpy.float64'> float64 <class 'numpy.float32'>
    d = (a.dtype, np.int8)
    print(d, a.dtype.type, np.dtype("int16"))  # -> (dtype('float64'), <class 'numpy.int8'>) <class 'numpy.float64'> int16
    print(a.dtype == np.float64, a.dtype != np.float32)  # -> True True
    print("b" in ("b", "c"), "x" in ("b", 1), ("a", n) == ("a", 2), ("a", n) == ("b", 2))  # -> True False True False
    s = "b"
    print(s in ("b", "c"), s not in ("a", "c"))  # -> True True


@njit
def maybe(flag):
    if flag:
        return ("a", 1)
    return None


@njit
def show_maybe(flag):
    print(maybe(flag), maybe(True))


show(2, np.zeros(3))
show_maybe(False)  # -> None ('a', 1)
