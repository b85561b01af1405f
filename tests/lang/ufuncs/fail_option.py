"""An option that @vectorize does not have."""
from numba import vectorize


@vectorize(tarjet='cpu')  # error: 'tarjet' is not an option of @vectorize [unknown-option]
def f(x):
    return x
