from numba import njit


@njit
def find(x):
    if x > 2:
        raise KeyError("there's none")  # error: KeyError: "there's none"
    raise KeyError("none")


find(3)
