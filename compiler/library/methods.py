# Methods of arrays that are functions of numpy with other parameters.
import numpy as np


def compress(self, condition, axis: literal = None):
    return np.compress(condition, self, axis)


def put(self, indices, values, mode: literal = "raise"):
    np.put(self, indices, values, mode)


def partition(self, kth, axis: literal = -1):
    self[...] = np.partition(self, kth, axis)


def argpartition(self, kth, axis: literal = -1):
    return np.argpartition(self, kth, axis)
