# NumPy's legacy generator in scripts, bit for bit.
import numpy as np

np.random.seed(42)
print(np.random.rand(), np.random.rand(2))  # -> 0.3745401188473625 [0.95071431 0.73199394]
print(np.random.randn(3))  # -> [-1.11188012  0.31890218  0.27904129]
print(np.random.randint(0, 10, 5))  # -> [7 2 5 4 1]
