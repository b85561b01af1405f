# np.logspace, np.geomspace, np.vander, np.polyval, windows, triangles of indices.
import numpy as np


def logspace(start: number, stop: number, num: integer = 50, endpoint: literal = True, base=10.0, dtype: literal = None):
    made = np.power(base, np.linspace(start, stop, num, endpoint))
    return made if dtype is None else made.astype(dtype)


def geomspace(start: number, stop: number, num: integer = 50, endpoint: literal = True, dtype: literal = None):
    if start == 0 or stop == 0:
        raise ValueError("Geometric sequence cannot include zero")
    sign = -1.0 if start < 0 and stop < 0 else 1.0
    made = sign * np.power(10.0, np.linspace(np.log10(start * sign), np.log10(stop * sign), num, endpoint))
    if num > 0:
        made[0] = start
        if endpoint and num > 1:
            made[-1] = stop
    return made if dtype is None else made.astype(dtype)


def vander(x: array, N=None, increasing: literal = False):
    if x.ndim != 1:
        reject(x, "an array of 1 dimension")
    columns = x.size if N is None else N
    out = np.empty((x.size, columns), np.result_type(x, np.int64))
    for i in range(x.size):
        p = np.ones(1, np.result_type(x, np.int64))[0]
        for j in range(columns):
            out[i, j if increasing else columns - 1 - j] = p
            p = p * x[i]
    return out


def polyval(p: array, x):
    y = np.zeros_like(x, np.result_type(p, x)) if isinstance(x, np.ndarray) else p[0] * 0 * x
    for c in p:
        y = y * x + c
    return y


def polyfit(x: array, y: array, deg: integer, rcond=None, full: literal = False, w=None, cov: literal = False):
    if full or cov:
        reject(full if full else cov, "!full and cov of np.polyfit() are not supported")
    if x.ndim != 1:
        reject(x, "!expected 1D vector for x")
    if y.ndim > 2:
        reject(y, "!expected 1D or 2D array for y")
    if deg < 0:
        raise ValueError("expected deg >= 0")
    if x.size == 0:
        raise TypeError("expected non-empty vector for x")
    if x.shape[0] != y.shape[0]:
        raise TypeError("expected x and y to have same length")
    least = x.size * np.finfo(np.float64).eps if rcond is None else rcond
    left = vander(x + 0.0, deg + 1)
    right = y + 0.0
    if w is not None:
        weights = np.asarray(w) + 0.0
        left = left * weights.reshape(-1, 1)
        right = right * (weights.reshape(-1, 1) if y.ndim == 2 else weights)
    scale = np.sqrt(np.sum(left * left, axis=0))
    found = np.linalg.lstsq(left / scale, right, least)[0]
    return found / scale.reshape(-1, 1) if y.ndim == 2 else found / scale


def bartlett(M: integer):
    n = np.arange(1 - M, M, 2)
    if M == 1:
        return np.ones(1)
    return np.where(n <= 0, 1 + n / (M - 1), 1 - n / (M - 1))


def blackman(M: integer):
    n = np.arange(1 - M, M, 2)
    if M == 1:
        return np.ones(1)
    return 0.42 + 0.5 * np.cos(np.pi * n / (M - 1)) + 0.08 * np.cos(2.0 * np.pi * n / (M - 1))


def hamming(M: integer):
    n = np.arange(1 - M, M, 2)
    if M == 1:
        return np.ones(1)
    return 0.54 + 0.46 * np.cos(np.pi * n / (M - 1))


def hanning(M: integer):
    n = np.arange(1 - M, M, 2)
    if M == 1:
        return np.ones(1)
    return 0.5 + 0.5 * np.cos(np.pi * n / (M - 1))


def triangle(n, m, k, upper: literal):
    rows = np.empty(n * m, np.int64)
    columns = np.empty(n * m, np.int64)
    at = 0
    for i in range(n):
        for j in range(m):
            if (j - i >= k) if upper else (j - i <= k):
                rows[at] = i
                columns[at] = j
                at += 1
    return rows[:at].copy(), columns[:at].copy()


def tril_indices(n: integer, k: integer = 0, m=None):
    return triangle(n, n if m is None else m, k, False)


def triu_indices(n: integer, k: integer = 0, m=None):
    return triangle(n, n if m is None else m, k, True)


def tril_indices_from(arr: array, k: integer = 0):
    if arr.ndim != 2:
        reject(arr, "an array of 2 dimensions")
    return triangle(arr.shape[0], arr.shape[1], k, False)


def triu_indices_from(arr: array, k: integer = 0):
    if arr.ndim != 2:
        reject(arr, "an array of 2 dimensions")
    return triangle(arr.shape[0], arr.shape[1], k, True)


def diag_indices_from(arr: array):
    for k in range(1, arr.ndim):
        if arr.shape[k] != arr.shape[0]:
            raise ValueError("All dimensions of input must be of equal length")
    return (np.arange(arr.shape[0]),) * arr.ndim


def diag_indices(n: integer, ndim: literal = 2):
    return (np.arange(n),) * ndim


def diagflat(v: array, k: integer = 0):
    return np.diag(v.ravel(), k)
