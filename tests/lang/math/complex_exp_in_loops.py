"""exp of complex numbers in loops, where it is computed in vector lanes: C99's infinities, NaN, zeros and large numbers."""
import numpy as np
from numba import njit


@njit
def in_loop(z, out):
    for i in range(z.size):
        out[i] = np.exp(z[i])


@njit
def statement(z):
    return np.exp(z)


@njit
def one(z):
    return np.exp(z)


@njit
def near(a, b, eps):
    """Infinities, NaN and zeros too."""
    return (abs(a - b) <= eps * abs(b)) | (a == b) | (np.isnan(a) & np.isnan(b))


inf = np.inf
nan = np.nan
reals = [0.0, -0.0, 1.0, -1.0, 0.5, 88.0, 89.5, -104.5, 600.0, 709.5, 710.0, 720.0, -745.0, -800.0, inf, -inf, nan]
angles = [0.0, -0.0, 1.0, -1.0, 1.5707963267948966, 3.0, -3.0, 1e5, 1e-300, inf, -inf, nan]
print("zeros", statement(np.array([complex(1.0, -0.0), complex(-inf, 0.0)])).imag)  # -> zeros [-0.  0.]
for dtype, eps in ((np.complex128, 1e-15), (np.complex64, 1e-6)):
    z = np.zeros(len(reals) * len(angles), dtype)
    k = 0
    for x in reals:
        for y in angles:
            z[k] = complex(x, y)
            k += 1
    out = np.zeros(z.size, dtype)
    in_loop(z, out)
    whole = statement(z)
    wrong = 0
    for k in range(z.size):
        wanted = one(z[k])
        for got in (out[k], whole[k]):
            if not (near(got.real, wanted.real, eps) and near(got.imag, wanted.imag, eps)):
                print("exp of", z[k], "is", got, "not", wanted)
                wrong += 1
    print(wrong)
# -> 0
# -> 0
