"""Integers, early returns, recursion and signatures: kernels that are not about floating point."""
import numpy as np
from numba import int64, njit


@njit
def edit_distance(a, b):
    """Levenshtein distance of two sequences of codes, with two rows of the table."""
    previous = np.arange(b.size + 1)
    current = np.empty_like(previous)
    for i in range(a.size):
        current[0] = i + 1
        for j in range(b.size):
            cost = 0 if a[i] == b[j] else 1
            current[j + 1] = min(previous[j + 1] + 1, current[j] + 1, previous[j] + cost)
        previous, current = current, previous
    return previous[b.size]


@njit("int64(int64, int64)")
def gcd(a, b):
    return a if b == 0 else gcd(b, a % b)


@njit(int64(int64))
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def codes(word):
    return np.array([ord(c) for c in word])


words = ["kitten", "sitting", "mitten", "kitchen"]
print(" " * 8 + "".join([f"{w:>9}" for w in words]))
for a in words:
    print(f"{a:<8}" + "".join([f"{edit_distance(codes(a), codes(b)):>9}" for b in words]))
print("gcd", gcd(1071, 462), gcd(2**40, 6**12))
longest = max(range(1, 1000), key=collatz)
print("longest chain below 1000 starts at", longest, "and has", collatz(longest), "steps")
