# np.partition, np.argpartition: a sorted array is partitioned everywhere.
import numpy as np


def check(kth, length):
    if isinstance(kth, (tuple, np.ndarray)):
        for k in np.asarray(kth):
            check(k, length)
    elif length > 0 and (kth < -length or kth >= length):
        raise ValueError(f"kth(={kth}) out of bounds ({length})")


def partition(a: array, kth, axis: literal = -1):
    check(kth, a.size if axis is None else a.shape[axis_of(axis, a.ndim)])
    return np.sort(a, axis)


def argpartition(a: array, kth, axis: literal = -1):
    check(kth, a.size if axis is None else a.shape[axis_of(axis, a.ndim)])
    return np.argsort(a, axis)
