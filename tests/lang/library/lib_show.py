"""Prints results in one form: numbers, arrays with dtype and shape, tuples part by part; 12 decimals, no negative zeros."""
import numpy as np


def rounded(r):
    return np.round(r, 12) + 0 if str(np.asarray(r).dtype)[0] in "fc" else r


def show(r):
    if isinstance(r, tuple):
        for q in r:
            show(q)
    elif isinstance(r, np.ndarray):
        print(r.dtype, r.shape, rounded(r).tolist())
    else:
        print(rounded(r))
