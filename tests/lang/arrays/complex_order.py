"""Largest and least complex numbers: by real, then by imaginary part; the first with nan before all."""
import numpy as np
from numba import njit


@njit
def ends(a):
    return a.max(), np.min(a), a.argmax(), np.argmin(a), np.amax(a)


@njit
def first_axis(a):
    return np.max(a, axis=0), a.min(0), np.argmax(a, axis=0), a.argmin(0)


@njit
def last_axis(a):
    return np.max(a, axis=-1, keepdims=True), np.min(a, -1), np.argmax(a, axis=-1)


@njit
def two_axes(a):
    return np.max(a, axis=(0, -1)), np.min(a, (2, 1), keepdims=True), np.min(a, axis=(0, 1, 2))


@njit
def into(a, out, places):
    np.max(a, axis=1, out=out)
    np.argmin(a, axis=1, out=places)


a = np.array([[1 + 2j, 3 - 1j, 3 + 0j], [-1 + 0j, 3 + 9j, -1 - 4j]])
for b in (a, a.T, a[:, ::-1], a.astype(np.complex64)):
    largest, least, at_largest, at_least, again = ends(b)
    print(largest, least, at_largest, at_least, again)
    largest, least, at_largest, at_least = first_axis(b)
    print(largest, least, at_largest, at_least)
    kept, least, at_largest = last_axis(b)
    print(kept, least, at_largest)
# -> (3+9j) (-1-4j) 4 5 (3+9j)
# -> [1.+2.j 3.+9.j 3.+0.j] [-1.+0.j  3.-1.j -1.-4.j] [0 1 0] [1 0 1]
# -> [[3.+0.j]
# ->  [3.+9.j]] [ 1.+2.j -1.-4.j] [2 1]
# -> (3+9j) (-1-4j) 3 5 (3+9j)
# -> [3.+0.j 3.+9.j] [ 1.+2.j -1.-4.j] [2 1] [0 2]
# -> [[1.+2.j]
# ->  [3.+9.j]
# ->  [3.+0.j]] [-1.+0.j  3.-1.j -1.-4.j] [0 1 0]
# -> (3+9j) (-1-4j) 4 3 (3+9j)
# -> [3.+0.j 3.+9.j 1.+2.j] [-1.-4.j  3.-1.j -1.+0.j] [0 1 0] [1 0 1]
# -> [[3.+0.j]
# ->  [3.+9.j]] [ 1.+2.j -1.-4.j] [0 1]
# -> (3+9j) (-1-4j) 4 5 (3+9j)
# -> [1.+2.j 3.+9.j 3.+0.j] [-1.+0.j  3.-1.j -1.-4.j] [0 1 0] [1 0 1]
# -> [[3.+0.j]
# ->  [3.+9.j]] [ 1.+2.j -1.-4.j] [2 1]
c = a.ravel().copy()
c[3] = complex(0, np.nan)
c[4] = complex(np.nan, 5)
largest, least, at_largest, at_least, again = ends(c)
print(largest, least, at_largest, at_least, again)  # -> nanj nanj 3 3 nanj
out, places = np.empty(2, np.complex128), np.empty(2, np.int64)
into(a, out, places)
print(out, places, np.max(a), a.argmin())  # -> [3.+0.j 3.+9.j] [0 2] (3+9j) 5
cube = np.array([[a[0], a[1]], [a[1], a[0] * 1j]])
largest, kept, least = two_axes(cube)
print(largest, kept.ravel(), least)  # -> [3.+9.j 3.+9.j] [-1.-4.j -2.+1.j] (-2+1j)
