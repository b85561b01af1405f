# The right side has another length.
import numpy as np

np.linalg.solve(np.eye(3), np.ones(2))  # error: ValueError: solve1: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (m,m),(m)->(m) (size 2 is different from 3)
