# only: device
# Functions of numbers, against NumPy on the host, in float64 and float32.
import math

import numpy as np
from numba import cuda


@cuda.jit
def functions(out, x):
    i = cuda.grid(1)
    if i < x.size:
        v = x[i]
        out[0, i] = math.sin(v)
        out[1, i] = math.cos(v)
        out[2, i] = math.tan(v)
        out[3, i] = math.exp(v)
        out[4, i] = math.log(v)
        out[5, i] = math.sqrt(v)
        out[6, i] = math.tanh(v)
        out[7, i] = math.atan2(v, 2.0)
        out[8, i] = math.hypot(v, 3.0)
        out[9, i] = math.pow(v, 1.7)
        out[10, i] = np.log1p(v)
        out[11, i] = np.expm1(v)
        out[12, i] = np.cbrt(v)
        out[13, i] = np.arcsinh(v)
        out[14, i] = np.sinh(v)
        out[15, i] = np.log2(v)
        out[16, i] = np.log10(v)
        out[17, i] = np.exp2(v)
        out[18, i] = np.logaddexp(v, x[0])
        out[19, i] = np.arctan(v)
        out[20, i] = v**0.3
        out[21, i] = v**3
        out[22, i] = 1 / v


@cuda.jit
def gammas(out, x):
    i = cuda.grid(1)
    if i < x.size:
        out[0, i] = math.erf(x[i])
        out[1, i] = math.erfc(x[i])
        out[2, i] = math.gamma(x[i])
        out[3, i] = math.lgamma(x[i])


@cuda.jit
def exact(out, x, y):
    i = cuda.grid(1)
    if i < x.size:
        a, b = x[i], y[i]
        out[0, i] = a % b
        out[1, i] = a // b
        out[2, i] = math.fmod(a, b)
        out[3, i] = math.floor(a)
        out[4, i] = math.ceil(a)
        out[5, i] = math.trunc(a)
        out[6, i] = round(a)
        out[7, i] = min(a, b)
        out[8, i] = max(a, b)
        out[9, i] = math.copysign(a, b)
        m, e = math.frexp(a)
        out[10, i] = m
        out[11, i] = e
        out[12, i] = math.ldexp(a, 3)
        out[13, i] = math.isnan(a) + 2 * math.isinf(b) + 4 * math.isfinite(a)
        out[14, i] = abs(a)
        out[15, i] = np.rint(a)


@cuda.jit
def whole_numbers(out, x):
    i = cuda.grid(1)
    out[0, i] = x[i] ** 3
    out[1, i] = x[i] // 7
    out[2, i] = x[i] % 7
    out[3, i] = x[i] // -3
    out[4, i] = math.gcd(x[i], 12)
    out[5, i] = 2 ** (i % 5)


@cuda.jit
def complex_numbers(out, z):
    i = cuda.grid(1)
    out[0, i] = z[i] * (1 + 2j) / (3 - 1j)
    out[1, i] = np.exp(z[i])
    out[2, i] = np.sqrt(z[i])
    out[3, i] = np.log(z[i])
    out[4, i] = z[i] ** (0.5 + 1j)
    out[5, i] = abs(z[i]) + z[i].conjugate()
    out[6, i] = np.sin(z[i])


for t, tolerance in ((np.float64, 1e-14), (np.float32, 2e-6)):
    x = np.linspace(0.1, 6, 100).astype(t)
    out = np.zeros((23, 100), dtype=t)
    functions[4, 32](out, x)
    w = x.astype(np.float64)
    want = [np.sin(w), np.cos(w), np.tan(w), np.exp(w), np.log(w), np.sqrt(w), np.tanh(w), np.arctan2(w, 2.0)]
    want += [np.hypot(w, 3.0), w**1.7, np.log1p(w), np.expm1(w), np.cbrt(w), np.arcsinh(w), np.sinh(w), np.log2(w)]
    want += [np.log10(w), np.exp2(w), np.logaddexp(w, w[0]), np.arctan(w), w**0.3, w**3, 1 / w]
    wrong = 0
    for k in range(23):
        if not np.all(np.abs(out[k] - want[k]) <= tolerance * (1 + np.abs(want[k]))):
            wrong += 1
            print("row", k, np.abs(out[k] - want[k]).max())
    print(wrong)
# -> 0
# -> 0

x = np.array([0.5, 1.0, 2.5, 4.0])
out = np.zeros((4, 4))
gammas[1, 4](out, x)
print(np.abs(out[0] - np.array([0.5204998778130465, 0.8427007929497149, 0.9995930479825551, 0.9999999845827421])).max() < 1e-14)  # -> True
print(np.abs(out[2] - np.array([1.772453850905516, 1.0, 1.329340388179137, 6.0])).max() < 1e-13, abs(out[3, 3] - 1.791759469228055) < 1e-13)  # -> True True

x = np.array([7.5, -7.5, 7.5, -7.5, 1e300, 0.0, 2.5, -0.5])
y = np.array([2.0, 2.0, -2.0, -2.0, 3.0, 5.0, np.inf, 1.0])
out = np.zeros((16, 8))
exact[1, 32](out, x, y)
print(out[0])  # -> [ 1.5  0.5 -0.5 -1.5  0.   0.   2.5  0.5]
print(out[1, :4], out[1, 4] == 1e300 // 3.0, out[1, 5:])  # -> [ 3. -4. -4.  3.] True [ 0.  0. -1.]
print(out[2])  # -> [ 1.5 -1.5  1.5 -1.5  0.   0.   2.5 -0.5]
whole = np.abs(x) < 1e10  # what an int64 holds
print(np.all(out[6][whole] == np.round(x)[whole]), np.all(out[15] == np.rint(x)))  # -> True True
print(np.all(out[3][whole] == np.floor(x)[whole]), np.all(out[5][whole] == np.trunc(x)[whole]))  # -> True True
print(out[10, 0], out[11, 0], out[10, 5], out[11, 5], out[13, 6])  # -> 0.9375 3.0 0.0 0.0 6.0

x = np.array([-10, -7, -1, 0, 1, 5, 6, 100])
out = np.zeros((6, 8), dtype=np.int64)
whole_numbers[1, 8](out, x)
print(np.all(out[0] == x**3), np.all(out[1] == x // 7), np.all(out[2] == x % 7), np.all(out[3] == x // -3), out[4], out[5])  # -> True True True True [ 2  1  1 12  1  1  6  4] [ 1  2  4  8 16  1  2  4]

z = np.array([1 + 2j, -3 + 0.5j, 0.25 - 2j, -1 - 1j])
out = np.zeros((7, 4), dtype=np.complex128)
complex_numbers[1, 4](out, z)
want = [z * (1 + 2j) / (3 - 1j), np.exp(z), np.sqrt(z), np.log(z), z ** (0.5 + 1j), np.abs(z) + np.conj(z), np.sin(z)]
for k in range(7):
    print(np.abs(out[k] - want[k]).max() < 1e-13, end=" ")
print()  # -> True True True True True True True 
