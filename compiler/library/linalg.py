# numpy.linalg: what follows from products and factors.
import numpy as np


def magnitudes(x):
    return np.abs(x) * 1.0


# The root of the sum of all squares.
def length(x):
    if x.dtype.kind == "c":
        a = magnitudes(x).ravel()
        return np.sqrt(a @ a)
    a = x.ravel() if x.dtype.kind == "f" else x.ravel() * 1.0
    return np.sqrt(a @ a)


def norm(x: elements, ord: literal = None, axis: literal = None, keepdims: literal = False):
    if axis is not None:
        return norm_along(x, ord, axis_of(axis, x.ndim), keepdims)
    if keepdims:
        reject(keepdims, "False without an axis")
    if ord is None:
        return length(x)
    if x.ndim == 1:
        return norm_along(x, ord, 0, False)
    if x.ndim == 2:
        return norm_of_matrix(x, ord)
    reject(x, "!Improper number of dimensions to norm.")


def norm_along(x, ord: literal, k: literal, keepdims: literal):
    a = magnitudes(x)
    if ord is None:
        return np.sqrt(np.sum(a * a, axis=k, keepdims=keepdims))
    if isinstance(ord, str):
        reject(ord, "a number where one axis is meant")
    if ord == 2:
        return np.sqrt(np.sum(a * a, axis=k, keepdims=keepdims))
    if ord == np.inf:
        return np.max(a, axis=k, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(a, axis=k, keepdims=keepdims)
    if ord == 0:
        return np.sum((a != 0) * 1.0, axis=k, keepdims=keepdims)
    if ord == 1:
        return np.sum(a, axis=k, keepdims=keepdims)
    return np.sum(a**ord, axis=k, keepdims=keepdims) ** (1.0 / ord)


def norm_of_matrix(x, ord: literal):
    if isinstance(ord, str):
        if ord == "fro":
            return length(x)
        if ord == "nuc":
            return np.sum(np.linalg.svdvals(x))
        reject(ord, "'fro' or 'nuc'")
    if ord == 2:
        return np.max(np.linalg.svdvals(x))
    if ord == -2:
        return np.min(np.linalg.svdvals(x))
    if ord == 1:
        return np.max(np.sum(magnitudes(x), axis=0))
    if ord == -1:
        return np.min(np.sum(magnitudes(x), axis=0))
    if ord == np.inf:
        return np.max(np.sum(magnitudes(x), axis=1))
    if ord == -np.inf:
        return np.min(np.sum(magnitudes(x), axis=1))
    raise ValueError("Invalid norm order for matrices.")


def cond(x: array, p: literal = None):
    if x.ndim != 2:
        reject(x, "an array of 2 dimensions")
    if x.size == 0:
        raise np.linalg.LinAlgError("cond is not defined on empty arrays")
    if p is None:
        s = np.linalg.svdvals(x)
        return s[0] / s[-1]
    if isinstance(p, str):
        return norm(x, p) * norm(np.linalg.inv(x), p)
    if p == 2:
        s = np.linalg.svdvals(x)
        return s[0] / s[-1]
    if p == -2:
        s = np.linalg.svdvals(x)
        return s[-1] / s[0]
    return norm(x, p) * norm(np.linalg.inv(x), p)


def matrix_rank(A: array, tol=None):
    if A.ndim == 1:
        return 1 if np.any(A != 0) else 0
    if A.ndim != 2:
        reject(A, "an array of 1 or 2 dimensions")
    s = np.linalg.svdvals(A)
    if tol is None:
        least = (s[0] if s.size > 0 else 0.0) * max(A.shape[0], A.shape[1]) * np.finfo(s.dtype).eps
        return np.sum(s > least)
    return np.sum(s > tol)


def pinv(a: array, rcond=1e-15):
    if a.ndim != 2:
        reject(a, "an array of 2 dimensions")
    u, s, vt = np.linalg.svd(np.conj(a), False)
    least = rcond * (s[0] if s.size > 0 else 0.0)
    for i in range(s.size):
        s[i] = 1 / s[i] if s[i] > least else 0.0
    return vt.T @ (s.reshape(-1, 1) * u.T)


def matrix_power(a: array, n: integer):
    if a.ndim != 2:
        reject(a, "an array of 2 dimensions")
    if a.shape[0] != a.shape[1]:
        raise np.linalg.LinAlgError("Last 2 dimensions of the array must be square")
    base = a.copy()
    left = abs(n)
    if n < 0:
        base = inverse(a)
    power = np.eye(a.shape[0], dtype=a.dtype)
    while left > 0:
        if left % 2 == 1:
            power = power @ base
        left = left // 2
        if left > 0:
            base = base @ base
    return power


# Of the matrix' own type, which has to be one that inverses have.
def inverse(a):
    x = np.linalg.inv(a)
    if x.dtype == a.dtype:
        return x
    raise TypeError("a negative power of a matrix of integers: convert it to float64 first")
