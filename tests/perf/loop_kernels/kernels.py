"""A dozen loop kernels. Each has a twin of the same name in twins.c or twins_fast.c."""
import math

import numpy as np
from numba import njit


@njit(error_model="numpy")
def mandelbrot(out, x0, y0, step, limit):
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            cr = x0 + c * step
            ci = y0 + r * step
            zr = 0.0
            zi = 0.0
            n = 0
            while n < limit and zr * zr + zi * zi <= 4.0:
                t = zr * zr - zi * zi + cr
                zi = 2.0 * zr * zi + ci
                zr = t
                n += 1
            out[r, c] = n


@njit(error_model="numpy", fastmath=True)
def nbody(pos, vel, mass, steps, dt):
    n = mass.size
    for _ in range(steps):
        for i in range(n):
            ax = 0.0
            ay = 0.0
            az = 0.0
            for j in range(n):
                dx = pos[0, j] - pos[0, i]
                dy = pos[1, j] - pos[1, i]
                dz = pos[2, j] - pos[2, i]
                d = dx * dx + dy * dy + dz * dz + 1e-9
                f = mass[j] / (d * math.sqrt(d))
                ax += f * dx
                ay += f * dy
                az += f * dz
            vel[0, i] += dt * ax
            vel[1, i] += dt * ay
            vel[2, i] += dt * az
        for k in range(3):
            for i in range(n):
                pos[k, i] += dt * vel[k, i]


@njit(error_model="numpy")
def spmv(start, column, value, x, y):
    for i in range(y.size):
        s = 0.0
        for k in range(start[i], start[i + 1]):
            s += value[k] * x[column[k]]
        y[i] = s


@njit(error_model="numpy")
def matmul(a, b, c):
    for i in range(a.shape[0]):
        for j in range(b.shape[1]):
            s = 0.0
            for k in range(a.shape[1]):
                s += a[i, k] * b[k, j]
            c[i, j] = s


@njit(error_model="numpy")
def matmul_blocked(a, b, c, block):
    n = a.shape[0]
    for i in range(n):
        for j in range(n):
            c[i, j] = 0.0
    for ii in range(0, n, block):
        for kk in range(0, n, block):
            for jj in range(0, n, block):
                for i in range(ii, min(ii + block, n)):
                    for k in range(kk, min(kk + block, n)):
                        t = a[i, k]
                        for j in range(jj, min(jj + block, n)):
                            c[i, j] += t * b[k, j]


@njit(error_model="numpy")
def jacobi_2d(a, b, steps):
    n = a.shape[0]
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                b[i, j] = 0.2 * (a[i, j] + a[i, j - 1] + a[i, j + 1] + a[i + 1, j] + a[i - 1, j])
        for i in range(1, n - 1):
            for j in range(1, n - 1):
                a[i, j] = 0.2 * (b[i, j] + b[i, j - 1] + b[i, j + 1] + b[i + 1, j] + b[i - 1, j])


@njit(error_model="numpy")
def floyd_warshall(path):
    n = path.shape[0]
    for k in range(n):
        for i in range(n):
            for j in range(n):
                path[i, j] = min(path[i, j], path[i, k] + path[k, j])


@njit(error_model="numpy")
def black_scholes(spot, strike, time, rate, sigma, call, put):
    for i in range(spot.size):
        root = math.sqrt(time[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * sigma * sigma) * time[i]) / (sigma * root)
        d2 = d1 - sigma * root
        n1 = 0.5 + 0.5 * math.erf(d1 * 0.7071067811865476)
        n2 = 0.5 + 0.5 * math.erf(d2 * 0.7071067811865476)
        discounted = strike[i] * math.exp(-rate * time[i])
        call[i] = spot[i] * n1 - discounted * n2
        put[i] = discounted * (1.0 - n2) - spot[i] * (1.0 - n1)


@njit(error_model="numpy")
def crc32(data, table):
    crc = np.uint32(0xFFFFFFFF)
    for i in range(data.size):
        crc = np.uint32(table[(crc ^ data[i]) & 0xFF] ^ (crc >> np.uint32(8)))
    return np.int64(crc ^ np.uint32(0xFFFFFFFF))


@njit(error_model="numpy")
def histogram(x, lo, hi, bins):
    scale = bins.size / (hi - lo)
    for i in range(x.size):
        b = int((x[i] - lo) * scale)
        if 0 <= b < bins.size:
            bins[b] += 1


@njit(error_model="numpy")
def lu(a):
    n = a.shape[0]
    for k in range(n):
        for i in range(k + 1, n):
            a[i, k] /= a[k, k]
            for j in range(k + 1, n):
                a[i, j] -= a[i, k] * a[k, j]


@njit(error_model="numpy")
def fft(re, im, wr, wi):
    n = re.size
    j = 0
    for i in range(1, n):
        bit = n >> 1
        while j & bit:
            j ^= bit
            bit >>= 1
        j ^= bit
        if i < j:
            re[i], re[j] = re[j], re[i]
            im[i], im[j] = im[j], im[i]
    half = 1
    while half < n:
        step = n // (2 * half)
        for s in range(0, n, 2 * half):
            for k in range(half):
                c = wr[k * step]
                d = wi[k * step]
                tr = re[s + k + half] * c - im[s + k + half] * d
                ti = re[s + k + half] * d + im[s + k + half] * c
                re[s + k + half] = re[s + k] - tr
                im[s + k + half] = im[s + k] - ti
                re[s + k] += tr
                im[s + k] += ti
        half *= 2


@njit(error_model="numpy")
def levenshtein(a, b, row):
    for j in range(b.size + 1):
        row[j] = j
    for i in range(a.size):
        diagonal = row[0]
        row[0] = i + 1
        for j in range(b.size):
            cost = 0 if a[i] == b[j] else 1
            best = min(diagonal + cost, row[j] + 1, row[j + 1] + 1)
            diagonal = row[j + 1]
            row[j + 1] = best
    return row[b.size]
