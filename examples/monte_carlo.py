"""Random numbers as NumPy's legacy generator gives them, drawn by the script and by a kernel."""
import numpy as np
from numba import njit


@njit
def inside(x, y):
    hits = 0
    for i in range(x.size):
        if x[i] * x[i] + y[i] * y[i] <= 1.0:
            hits += 1
    return hits


@njit
def histogram(values, low, high, bins):
    counts = np.zeros(bins, dtype=np.int64)
    for v in values:
        if low <= v < high:
            counts[int((v - low) / (high - low) * bins)] += 1
    return counts


np.random.seed(2024)
for n in [100, 10_000, 1_000_000]:
    pi = 4 * inside(np.random.rand(n), np.random.rand(n)) / n
    print(f"{n:>9,} points: pi is about {pi:.6f}")

counts = histogram(np.random.randn(50_000), -3.0, 3.0, 12)
print("dice", np.random.randint(1, 7, 10))
for i, count in enumerate(counts):
    print(f"{-3 + i * 0.5:+.1f} {'#' * (int(count) // 200)} {count}")
