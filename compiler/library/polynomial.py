# np.roots, and numpy.polynomial: polynomials as arrays of coefficients, lowest power first.
import numpy as np


def roots(p: array):
    if p.ndim != 1:
        reject(p, "an array of 1 dimension")
    places = np.nonzero(p)[0]
    t = np.result_type(p, np.float32)
    if p.dtype.kind in ("b", "i", "u"):
        t = np.float64
    if places.size == 0:
        return np.zeros(0, t)
    zeros = p.size - places[-1] - 1
    q = p[places[0] : places[-1] + 1].astype(t)
    n = q.size - 1
    out = np.zeros(n + zeros, t)
    if n > 0:
        m = np.diag(np.ones(n - 1, t), -1)
        m[0, :] = -q[1:] / q[0]
        out[:n] = np.linalg.eigvals(m)
    return out


# The coefficients as floats in an array of their own.
def floats(c):
    a = np.asarray(c)
    if a.ndim == 0:
        return floats(a.reshape(1))
    if a.ndim > 1:
        reject(c, "coefficients in one axis")
    if a.dtype.kind in ("b", "i", "u"):
        return a.astype(np.float64)
    return a.copy()


# The same without zeros at the end.
def series(c):
    a = floats(c)
    if a.size == 0:
        raise ValueError("Coefficient array is empty")
    return trimseq(a)


def trimseq(seq: array):
    n = seq.size
    if n == 0 or seq[-1] != 0:
        return seq
    while n > 1 and seq[n - 1] == 0:
        n -= 1
    return seq[:n]


def sum_of(c1, c2, sign: literal):
    a = series(c1)
    b = series(c2)
    out = np.zeros(max(a.size, b.size), np.result_type(a, b))
    out[: a.size] = a
    out[: b.size] += sign * b
    return trimseq(out)


def polyadd(c1, c2):
    return sum_of(c1, c2, 1)


def polysub(c1, c2):
    return sum_of(c1, c2, -1)


def polymul(c1, c2):
    return trimseq(np.convolve(series(c1), series(c2)))


def polydiv(c1, c2):
    a = series(c1)
    b = series(c2)
    if b[-1] == 0:
        raise ZeroDivisionError("division by zero")
    t = np.result_type(a, b)
    rest = a.astype(t)
    if a.size < b.size:
        return np.zeros(1, t), rest
    if b.size == 1:
        return rest / b[-1], np.zeros(1, t)
    scale = b[-1]
    d = b[:-1] / scale
    j = a.size - 1
    for i in range(a.size - b.size, -1, -1):
        rest[i:j] -= d * rest[j]
        j -= 1
    return rest[j + 1 :] / scale, trimseq(rest[: j + 1])


def polyval(x, c, tensor: literal = True):
    v = np.asarray(x)
    a = np.asarray(c)
    if a.ndim == 0:
        return polyval(x, a.reshape(1), tensor)
    if a.dtype.kind in ("b", "i", "u"):
        return polyval(x, a.astype(np.float64), tensor)
    if tensor and v.ndim > 0:
        return horner(v, a.reshape(a.shape + (1,) * v.ndim))
    if v.ndim == 0:
        return horner(v[()], a)
    return horner(v, a)


def horner(x, a):
    if a.shape[0] == 0:
        raise IndexError("index -1 is out of bounds for axis 0 with size 0")
    made = a[-1] + x * 0
    for i in range(a.shape[0] - 2, -1, -1):
        made = a[i] + made * x
    return made


def polyint(c, m: integer = 1):
    a = floats(c)
    if m < 0:
        raise ValueError("The order of integration must be non-negative")
    for k in range(m):
        if a.size == 0:
            raise IndexError("index 0 is out of bounds for axis 0 with size 0")
        if a.size == 1 and a[0] == 0:
            return a
        made = np.zeros(a.size + 1, a.dtype)
        for j in range(a.size):
            made[j + 1] = a[j] / (j + 1)
        a = made
    return a


def polyder(c, m: integer = 1, scl=1):
    a = floats(c)
    if m < 0:
        raise ValueError("The order of derivation must be non-negative")
    if m >= a.size:
        return a[:1] * 0
    for k in range(m):
        made = np.empty(a.size - 1, a.dtype)
        for j in range(1, a.size):
            made[j - 1] = j * (a[j] * scl)
        a = made
    return a
