# only: device
# Numbers of all types compute as they do on the CPU: Python's // and %, wrapping, conversions, bits, complex numbers.
import math

import numpy as np
from numba import cuda, njit


@njit
def integers(a, b, out):
    out[0], out[1], out[2] = a // b, a % b, a * b
    out[3], out[4] = a ** 3, abs(a)
    out[5], out[6], out[7] = a & b, a | b, a ^ b
    out[8], out[9] = a << 3, a >> 1
    out[10] = min(a, b)
    out[11] = max(a, b)


@njit
def floats(a, b, out):
    out[0], out[1], out[2] = a / b, a - b, a * b
    out[3] = math.sqrt(abs(a))
    out[4] = math.floor(a)
    out[5] = math.ceil(a)
    out[6] = int(a)
    out[7] = math.copysign(1.0, a)
    out[8] = a if a < b else b
    out[9] = np.float32(a) * np.float32(b)
    out[10] = np.int32(b * 1e12)
    out[11] = round(a)


@cuda.jit
def integers_there(a, b, out):
    i = cuda.grid(1)
    if i < a.size:
        integers(a[i], b[i], out[i])


@cuda.jit
def floats_there(a, b, out):
    i = cuda.grid(1)
    if i < a.size:
        floats(a[i], b[i], out[i])


@cuda.jit
def squares(z):
    i = cuda.grid(1)
    if i < z.size:
        z[i] = z[i] * z[i] + 1j


def same(function, there, a, b, dtype):
    want, got = np.zeros((a.size, 12), dtype), np.zeros((a.size, 12), dtype)
    for i in range(a.size):
        function(a[i], b[i], want[i])
    there[(a.size + 63) // 64, 64](a, b, got)
    return np.all(want == got)


a = np.array([7, -7, 7, -7, 0, 123456789, -9223372036854775808], dtype=np.int64)
b = np.array([2, 2, -2, -2, 5, 1000, -1], dtype=np.int64)
print(same(integers, integers_there, a, b, np.int64))  # -> True
print(same(integers, integers_there, a[:5].astype(np.int8), b[:5].astype(np.int8), np.int64))  # -> True
print(same(integers, integers_there, np.arange(1, 9, dtype=np.uint32), np.arange(3, 11, dtype=np.uint32), np.int64))  # -> True
f = np.array([1.5, -1.5, 2.5, 1e15, 0.1, -7.25])
g = np.array([0.5, 3.0, -2.5, 1e-3, 0.3, 2.0])
print(same(floats, floats_there, f, g, np.float64))  # -> True

z = np.array([1 + 2j, 0.5j])
squares[1, 32](z)
print(z)  # -> [-3.  +5.j -0.25+1.j]
