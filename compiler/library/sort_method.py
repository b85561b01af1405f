# array.sort: in place.
import numpy as np


def sort(self, axis: literal = -1, kind: literal = None, order: literal = None, stable: literal = None):
    k = axis_of(axis, self.ndim)
    if self.dtype.kind == "c":
        self[...] = np.sort(self, k)
    elif k == self.ndim - 1:
        sort_in_place(self)
    else:
        sort_in_place(np.swapaxes(self, k, -1))
