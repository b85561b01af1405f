"""Tuples in and out, helpers in the same file, arrays changed in place: planets and a conserved energy."""
import math
import sys

import numpy as np
from numba import njit


@njit
def advance(position, velocity, mass, dt):
    n = mass.size
    for i in range(n):
        for j in range(i + 1, n):
            dx = position[i, 0] - position[j, 0]
            dy = position[i, 1] - position[j, 1]
            dz = position[i, 2] - position[j, 2]
            d2 = dx * dx + dy * dy + dz * dz
            pull = dt / (d2 * math.sqrt(d2))
            for k, d in enumerate((dx, dy, dz)):
                velocity[i, k] -= d * mass[j] * pull
                velocity[j, k] += d * mass[i] * pull
    for i in range(n):
        for k in range(3):
            position[i, k] += dt * velocity[i, k]


@njit
def distance(a, b):
    return math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2)


@njit
def energies(position, velocity, mass):
    """Kinetic and potential energy."""
    kinetic = 0.0
    potential = 0.0
    for i in range(mass.size):
        kinetic += 0.5 * mass[i] * (velocity[i, 0] ** 2 + velocity[i, 1] ** 2 + velocity[i, 2] ** 2)
        for j in range(i + 1, mass.size):
            potential -= mass[i] * mass[j] / distance(position[i], position[j])
    return kinetic, potential


steps = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
mass = np.array([1.0, 1e-3, 3e-4])
position = np.array([[0.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 2.0, 0.1]])
velocity = np.array([[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-0.7, 0.0, 0.0]])

for moment in range(4):
    kinetic, potential = energies(position, velocity, mass)
    print(f"t = {moment * steps * 1e-4:5.1f}  energy = {kinetic + potential:+.9f}  inner planet at",
          f"({position[1, 0]:+.4f}, {position[1, 1]:+.4f})")
    for _ in range(steps // 10):
        advance(position, velocity, mass, 1e-3)
