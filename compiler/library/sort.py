# np.sort, np.argsort.
import numpy as np


def check_sort(kind: literal, order: literal, stable: literal):
    if kind not in (None, "quicksort", "heapsort", "mergesort", "stable"):
        reject(kind, "!kind must be 'quicksort', 'heapsort', 'mergesort' or 'stable'")
    if order is not None:
        reject(order, "!order is for arrays with fields")
    if kind is not None and stable is not None:
        reject(stable, "!kind and stable cannot be given together")


def sort(a: array, axis: literal = -1, kind: literal = None, order: literal = None, stable: literal = None):
    check_sort(kind, order, stable)
    if axis is None:
        return sorted_last(a.ravel())
    k = axis_of(axis, a.ndim)
    if k == a.ndim - 1:
        return sorted_last(a)
    return np.ascontiguousarray(np.swapaxes(sorted_last(np.swapaxes(a, k, -1)), k, -1))


def argsort(a: elements, axis: literal = -1, kind: literal = None, order: literal = None, stable: literal = None):
    check_sort(kind, order, stable)
    if axis is None:
        return order_last(a.ravel())
    k = axis_of(axis, a.ndim)
    if k == a.ndim - 1:
        return order_last(a)
    return np.ascontiguousarray(np.swapaxes(order_last(np.swapaxes(a, k, -1)), k, -1))


def sorted_last(a):
    if a.dtype.kind == "c":
        return np.take_along_axis(a, order_last(a), -1)
    return sort_last(a)


# Complex numbers: those without nan by real, then imaginary part; then nan in the imaginary part, in the real part, in both.
def order_last(a):
    if a.dtype.kind != "c":
        return argsort_last(a)
    first = argsort_last(np.ascontiguousarray(a.imag))
    second = again(first, np.ascontiguousarray(a.real))
    return again(second, np.isnan(a.real) * 2 + np.isnan(a.imag) * 1)


# An order by another key, in which equal elements stay as they were.
def again(order, key):
    return np.take_along_axis(order, argsort_last(np.take_along_axis(key, order, -1)), -1)
