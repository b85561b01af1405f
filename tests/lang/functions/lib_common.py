"""Helpers that other files import."""
from numba import njit

LIMIT = 10


@njit
def clamp(x, lo, hi):
    return lo if x < lo else hi if x > hi else x
