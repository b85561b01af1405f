"""Arrays from .npy files: reads an image (or makes one), blurs it with a separable filter, writes it back."""
import math
import sys

import numpy as np
from numba import njit


@njit
def weights(radius, sigma):
    w = np.empty(2 * radius + 1)
    total = 0.0
    for i in range(w.size):
        w[i] = math.exp(-((i - radius) ** 2) / (2 * sigma * sigma))
        total += w[i]
    for i in range(w.size):
        w[i] /= total
    return w


@njit
def blur_rows(image, w):
    rows, columns = image.shape
    radius = w.size // 2
    out = np.zeros_like(image)
    for r in range(rows):
        for c in range(columns):
            s = 0.0
            for k in range(-radius, radius + 1):
                s += w[k + radius] * image[r, min(max(c + k, 0), columns - 1)]
            out[r, c] = s
    return out


@njit
def blur(image, radius, sigma):
    w = weights(radius, sigma)
    return blur_rows(blur_rows(image, w).T, w).T


np.random.seed(7)
if len(sys.argv) > 1:
    image = np.load(sys.argv[1])
else:
    image = np.random.rand(48, 64)
    image[20:28, 24:40] = 4.0

smooth = blur(image, 4, 1.5)
print("shape", smooth.shape, "dtype", smooth.dtype)
for name, a in (("before", image), ("after", smooth)):
    print(f"{name:>6}: min {a.min():.4f}  max {a.max():.4f}  corner {a[0, 0]:.4f}  middle {a[24, 32]:.4f}")
if len(sys.argv) > 2:
    np.save(sys.argv[2], smooth)
