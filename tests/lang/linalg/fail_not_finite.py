# Eigenvalues of what is not finite.
import numpy as np

np.linalg.eig(np.array([[1.0, np.nan], [0.0, 1.0]]))  # error: LinAlgError: Array must not contain infs or NaNs
