from numba import njit


@njit
def check(n):
    for i in range(n):
        assert i < 3, f"i is {i}"  # error: AssertionError: i is 3
    return n


check(7)
