"""A module of a user's: constants, a class of constants, an enumeration, a helper that is not decorated."""
import enum

SCALE = 2.5


class Limits:
    LOW = 1
    HIGH = 7


class Mode(enum.IntEnum):
    FAST = 1
    SLOW = 4


def triple(x):
    return 3 * x + OFFSET


OFFSET = 0.5
