# argmax and argmin along one axis.
import numpy as np
from numba import njit


@njit
def positions(a):
    return np.argmax(a, axis=0), a.argmin(axis=1), np.argmin(a, -1), a.argmax(axis=None)


@njit
def of_line(a):
    return a.argmax(axis=0), np.argmin(a, axis=-1)


@njit
def of_cube(a):
    return np.argmax(a, 0).sum(), a.argmax(1)[1, 2], np.argmax(a, axis=2)[1, 0], np.argmin(a, -2).shape


a = np.array([[3.0, 1.0, 4.0], [3.0, 5.0, np.nan], [np.nan, 1.0, 0.0]])
for x in (a, a.T, a[::-1, ::2], np.array([[True, False], [True, True]]), np.array([[2, 7, 7]], np.uint8)):
    for p in positions(x):
        print(p)
# -> [2 1 1]
# -> [1 2 0]
# -> [1 2 0]
# -> 5
# -> [2 2 0]
# -> [2 0 1]
# -> [2 0 1]
# -> 2
# -> [0 1]
# -> [0 1 0]
# -> [0 1 0]
# -> 0
# -> [0 1]
# -> [1 0]
# -> [1 0]
# -> 0
# -> [0 0 0]
# -> [0]
# -> [0]
# -> 1
print(*of_line(np.array([2, 9, 1, 9])))  # -> 1 2
print(*of_cube(np.arange(24.0).reshape(2, 3, 4) % 7))  # -> 4 1 1 (2, 4)
print(np.argmax(np.zeros((3, 0)), axis=0).shape)  # -> (0,)
