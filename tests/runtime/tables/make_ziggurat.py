#!/usr/bin/env python3
"""Writes runtime/random/ziggurat.inc: the layers of the ziggurats with which NumPy's Generator draws normal and exponential numbers.

    make_ziggurat.py > runtime/random/ziggurat.inc

Found out from what NumPy answers to chosen bits: PCG64 is set so that its next word is the one wanted. A layer's width is the number that
the least mantissa gives; its limit is the first mantissa for which NumPy asks for more bits. Its height is the density at its edge.
"""
import decimal
import math

import numpy as np

FACTOR = 47026247687942121848144207491837523525
INVERSE = pow(FACTOR, -1, 1 << 128)
rng = np.random.default_rng(0)
STATE = rng.bit_generator.state


def answer(draw, word):
    """What draw() gives for this word, and whether it was the only one that was asked for."""
    increment = 1
    before = (word - increment) * INVERSE % (1 << 128)  # the state `word` gives the word itself: no rotation
    rng.bit_generator.state = STATE | {"state": {"state": before, "inc": increment}, "has_uint32": 0, "uinteger": 0}
    value = draw()
    return value, rng.bit_generator.state["state"]["state"] == word


def limit(draw, make, bits):
    low, high = 0, 1 << bits  # the first mantissa that is not taken at once
    while low < high:
        middle = (low + high) // 2
        if answer(draw, make(middle))[1]:
            low = middle + 1
        else:
            high = middle
    return low


def normal_heights(widths):
    return [1.0] + [math.exp(-0.5 * (w * 2.0**52) ** 2) for w in widths[1:]]


def exponential_heights():
    """Layers of one area; the last one ends where the tail begins."""
    x = decimal.Decimal("7.6971174701310497140446280481")
    area = (x + 1) * (-x).exp()
    heights = [float((-x).exp())]
    for _ in range(254):
        x = -(area / x + (-x).exp()).ln()
        heights.insert(0, float((-x).exp()))
    return [1.0] + heights


def write(name, numbers):
    print(f"inline constexpr double {name}[256] = {{")
    for i in range(0, 256, 4):
        print("    " + " ".join(f"{float(x).hex()}," for x in numbers[i : i + 4]))
    print("};")


print("// Made by tests/runtime/tables/make_ziggurat.py. Limits are integers below 2**53.")
decimal.getcontext().prec = 50
for name, draw, shift, place, bits in (("kNormal", rng.standard_normal, 9, 0, 52), ("kExponential", rng.standard_exponential, 11, 3, 53)):
    widths = [answer(draw, 1 << shift | i << place)[0] for i in range(256)]
    write(f"{name}Limits", [limit(draw, lambda m, i=i: m << shift | i << place, bits) for i in range(256)])
    write(f"{name}Widths", widths)
    write(f"{name}Heights", normal_heights(widths) if name == "kNormal" else exponential_heights())
