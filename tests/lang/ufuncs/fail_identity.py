"""What identity= takes."""
from numba import vectorize


@vectorize(identity=2)  # error: 'identity' is 0, 1, None or 'reorderable' [bad-option]
def f(x):
    return x
