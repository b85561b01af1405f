"""A kernel: its first call compiles it, later calls run machine code; the same loop also runs interpreted."""
import time

import numpy as np
from numba import njit


@njit
def escape_times(width, height, limit):
    """For each point of a grid over the Mandelbrot set: after how many steps it leaves the circle of radius 2."""
    out = np.zeros((height, width), dtype=np.int64)
    for row in range(height):
        for column in range(width):
            c = complex(-2.0 + 2.5 * column / width, -1.25 + 2.5 * row / height)
            z = 0j
            steps = 0
            while steps < limit and z.real * z.real + z.imag * z.imag <= 4.0:
                z = z * z + c
                steps += 1
            out[row, column] = steps
    return out


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - start


def shown(t):
    return f"{t * 1e3:12.3f} ms"


width, height, limit = 120, 80, 100

first = seconds(escape_times, width, height, limit)
steady = min([seconds(escape_times, width, height, limit) for _ in range(5)])
interpreted = seconds(escape_times.py_func, width, height, limit)

print(f"{'first call (compiles)':<24}{shown(first)}")
print(f"{'steady call':<24}{shown(steady)}")
print(f"{'the same loop, evaluated':<24}{shown(interpreted)}")
print(f"{'evaluated / steady':<24}{interpreted / steady:12.0f} x")
print()

picture = escape_times(64, 24, limit)
shades = " .:-=+*#%@"
for row in picture:
    print("".join([shades[min(int(steps) * 10 // (limit + 1), 9)] for steps in row]))
