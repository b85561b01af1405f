# np.partition, np.argpartition: a sorted array is partitioned everywhere.
import numpy as np


def partition(a: array, kth, axis: literal = -1):
    return np.sort(a, axis)


def argpartition(a: array, kth, axis: literal = -1):
    return np.argsort(a, axis)
