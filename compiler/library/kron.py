# np.kron.
import numpy as np


def kron(a: array, b: array):
    if a.ndim > 2:
        reject(a, "an array of 1 or 2 dimensions")
    if b.ndim > 2:
        reject(b, "an array of 1 or 2 dimensions")
    if a.ndim == 1:
        if b.ndim == 1:
            return np.outer(a, b).reshape(-1)
        return kron(a.reshape(1, -1), b)
    if b.ndim == 1:
        return kron(a, b.reshape(1, -1))
    out = np.empty((a.shape[0], b.shape[0], a.shape[1], b.shape[1]), (a[:0, :0] @ b[:0, :0]).dtype)
    for i in range(a.shape[0]):
        for k in range(b.shape[0]):
            for j in range(a.shape[1]):
                for l in range(b.shape[1]):
                    out[i, k, j, l] = a[i, j] * b[k, l]
    return out.reshape(a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
