import numpy as np


@np.sqrt  # error: @np.sqrt is not a decorator that kjit knows [bad-decorator]
def f(x):
    return x
