"""Loops over prange, each with a twin of the same name in twins.c (OpenMP)."""
import math

import numpy as np
from numba import njit, prange


@njit(parallel=True, error_model="numpy")
def mandelbrot(out, x0, y0, step, limit):
    for r in prange(out.shape[0]):
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


@njit(parallel=True, fastmath=True, error_model="numpy")
def nbody(pos, force):
    n = pos.shape[0]
    for i in prange(n):
        fx = 0.0
        fy = 0.0
        fz = 0.0
        for j in range(n):
            dx = pos[j, 0] - pos[i, 0]
            dy = pos[j, 1] - pos[i, 1]
            dz = pos[j, 2] - pos[i, 2]
            d = dx * dx + dy * dy + dz * dz + 1e-9
            f = 1.0 / (d * math.sqrt(d))
            fx += dx * f
            fy += dy * f
            fz += dz * f
        force[i, 0] = fx
        force[i, 1] = fy
        force[i, 2] = fz


@njit(error_model="numpy", fastmath=True)
def normal(x):
    return 0.5 + 0.5 * math.erf(x * 0.7071067811865476)


@njit(parallel=True, error_model="numpy", fastmath=True)
def black_scholes(spot, strike, time, rate, sigma, call, put):
    for i in prange(spot.size):
        root = sigma * math.sqrt(time[i])
        d1 = (math.log(spot[i] / strike[i]) + (rate + 0.5 * sigma * sigma) * time[i]) / root
        d2 = d1 - root
        discounted = strike[i] * math.exp(-rate * time[i])
        call[i] = spot[i] * normal(d1) - discounted * normal(d2)
        put[i] = discounted * normal(-d2) - spot[i] * normal(-d1)


@njit(parallel=True)
def matmul(a, b, c):
    for i in prange(a.shape[0]):
        for j in range(b.shape[1]):
            c[i, j] = 0.0
        for k in range(a.shape[1]):
            for j in range(b.shape[1]):
                c[i, j] += a[i, k] * b[k, j]


@njit(parallel=True, fastmath=True)
def exp_sum(x):
    s = 0.0
    for i in prange(x.size):
        s += math.exp(x[i])
    return s


@njit(parallel=True)
def triad(a, b, c, k):
    for i in prange(a.size):
        a[i] = b[i] + k * c[i]


@njit(parallel=True)
def jacobi(a, b, steps):
    for t in range(steps):
        b[1:-1, 1:-1] = 0.2 * (a[1:-1, 1:-1] + a[1:-1, :-2] + a[1:-1, 2:] + a[2:, 1:-1] + a[:-2, 1:-1])
        a[1:-1, 1:-1] = 0.2 * (b[1:-1, 1:-1] + b[1:-1, :-2] + b[1:-1, 2:] + b[2:, 1:-1] + b[:-2, 1:-1])
