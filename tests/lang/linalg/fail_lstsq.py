# As many rows on the right as on the left.
import numpy as np

np.linalg.lstsq(np.ones((3, 2)), np.ones(2))  # error: LinAlgError: Incompatible dimensions
