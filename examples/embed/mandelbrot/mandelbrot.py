# The kernel of the example: escape times of a part of the complex plane, smoothed.
import math

import numpy as np
from numba import njit


@njit(error_model="numpy")
def escape(c, limit):
    z = 0j
    for i in range(limit):
        z = z * z + c
        d = z.real * z.real + z.imag * z.imag
        if d > 256.0:
            return i + 1.0 - math.log2(0.5 * math.log2(d) / 4.0)
    return 0.0


@njit
def mandelbrot(out, center_re, center_im, width, limit):
    rows, columns = out.shape
    step = width / columns
    for i in range(rows):
        im = center_im + (0.5 * rows - i) * step
        for j in range(columns):
            re = center_re + (j - 0.5 * columns) * step
            out[i, j] = escape(complex(re, im), limit)


if __name__ == "__main__":
    picture = np.zeros((24, 64))
    mandelbrot(picture, -0.6, 0.0, 3.2, 200)
    for i in range(24):
        line = ""
        for j in range(64):
            line += "#" if picture[i, j] == 0.0 else "+" if picture[i, j] > 6.0 else "."
        print(line)
