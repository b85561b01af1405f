# Sixteen levels of functions, each of which calls the one below twice and asks to be inlined: written out they would be
# 65,536 copies of the lowest.
from numba import njit


@njit(inline='always')
def level0(x):
    return x * 3 % 7 + 1


@njit(inline='always')
def level1(x):
    return level0(x) - level0(x + 1)


@njit(inline='always')
def level2(x):
    return level1(x) - level1(x + 2)


@njit(inline='always')
def level3(x):
    return level2(x) - level2(x + 3)


@njit(inline='always')
def level4(x):
    return level3(x) - level3(x + 4)


@njit(inline='always')
def level5(x):
    return level4(x) - level4(x + 5)


@njit(inline='always')
def level6(x):
    return level5(x) - level5(x + 6)


@njit(inline='always')
def level7(x):
    return level6(x) - level6(x + 7)


@njit(inline='always')
def level8(x):
    return level7(x) - level7(x + 8)


@njit(inline='always')
def level9(x):
    return level8(x) - level8(x + 9)


@njit(inline='always')
def level10(x):
    return level9(x) - level9(x + 10)


@njit(inline='always')
def level11(x):
    return level10(x) - level10(x + 11)


@njit(inline='always')
def level12(x):
    return level11(x) - level11(x + 12)


@njit(inline='always')
def level13(x):
    return level12(x) - level12(x + 13)


@njit(inline='always')
def level14(x):
    return level13(x) - level13(x + 14)


@njit(inline='always')
def level15(x):
    return level14(x) - level14(x + 15)


@njit(inline='always')
def level16(x):
    return level15(x) - level15(x + 16)


@njit
def top(x):
    return level16(x)


print(top(5))  # -> 0
