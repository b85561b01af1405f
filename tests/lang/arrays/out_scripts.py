"""Functions with an array to write into, at the top level of a script."""
import numpy as np

o = np.zeros(3)
np.sin(np.array([0.0, 0.5, 1.0]), o)
np.exp(o, out=o)
print(o)  # -> [1.         1.6151463  2.31977682]
print(np.sqrt(np.array([1, 4]), out=np.zeros(2)), np.isnan(o, np.ones(3, dtype=np.bool_)))  # -> [1. 2.] [False False False]
print(np.add(o, 1, out=o) is o, np.isfinite(o, out=np.zeros(3, dtype=np.bool_)))  # -> True [ True  True  True]
