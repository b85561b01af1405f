# np.cov, np.corrcoef.
import numpy as np


def variables(m, y, rowvar: literal):
    if m.ndim > 2:
        reject(m, "an array of 1 or 2 dimensions")
    x = m.reshape(1, -1) if m.ndim == 1 else (m if rowvar else m.T)
    if y is None:
        return x
    other = np.asarray(y)
    if other.ndim > 2:
        reject(y, "an array of 1 or 2 dimensions")
    z = other.reshape(1, -1) if other.ndim == 1 else (other if rowvar else other.T)
    return np.concatenate((x, z), 0)


def cov(m: array, y=None, rowvar: literal = True, bias: literal = False, ddof=None):
    c = cov_matrix(variables(m, y, rowvar), None, True, bias, ddof)
    if m.ndim == 1 and y is None:
        return np.asarray(c[0, 0])
    return c


def corrcoef(x: array, y=None, rowvar: literal = True):
    if x.ndim == 1 and y is None:
        c1 = cov_matrix(variables(x, y, rowvar), None, True, False, None)[0, 0]
        return c1 / c1
    c = cov_matrix(variables(x, y, rowvar), None, True, False, None)
    n = c.shape[0]
    s = np.empty(n)
    for i in range(n):
        s[i] = np.sqrt(c[i, i])
    for i in range(n):
        for j in range(n):
            r = c[i, j] / s[i] / s[j]
            c[i, j] = min(max(r, -1.0), 1.0) if r == r else r
    return c
