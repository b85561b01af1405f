# Eigenvalues have the type of the matrix.
import numpy as np

np.linalg.eigvals(np.array([[0.0, 1.0], [-1.0, 0.0]]))  # error: ValueError: the eigenvalues of this real matrix are complex: convert it to a complex type first
