"""Prints results as they are: numbers, arrays with dtype and shape, tuples part by part."""
import numpy as np


def show(r):
    if isinstance(r, tuple):
        for q in r:
            show(q)
    elif isinstance(r, np.ndarray):
        print(r.dtype, r.shape, r.tolist())
    else:
        print(r)
