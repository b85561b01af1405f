# Cholesky factors are of positive definite matrices only.
import numpy as np

np.linalg.cholesky(np.array([[1.0, 2.0], [2.0, 1.0]]))  # error: LinAlgError: Matrix is not positive definite
