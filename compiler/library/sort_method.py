# array.sort: in place.
import numpy as np


def check_sort(kind: literal, order: literal, stable: literal):
    if kind not in (None, "quicksort", "heapsort", "mergesort", "stable"):
        reject(kind, "!kind must be 'quicksort', 'heapsort', 'mergesort' or 'stable'")
    if order is not None:
        reject(order, "!order is for arrays with fields")
    if kind is not None and stable is not None:
        reject(stable, "!kind and stable cannot be given together")


def sort(self, axis: literal = -1, kind: literal = None, order: literal = None, stable: literal = None):
    check_sort(kind, order, stable)
    k = axis_of(axis, self.ndim)
    if self.dtype.kind == "c":
        self[...] = np.sort(self, k)
    elif k == self.ndim - 1:
        sort_in_place(self)
    else:
        sort_in_place(np.swapaxes(self, k, -1))
