# only: device
# The first kernel of every text: one element for each thread, host arrays copied there and back.
import numpy as np
from numba import cuda


@cuda.jit
def axpy(y, x, a):
    i = cuda.grid(1)
    if i < y.size:
        y[i] = a * x[i] + y[i]


x = np.arange(1000, dtype=np.float32)
y = np.ones(1000, dtype=np.float32)
axpy[8, 128](y, x, np.float32(0.5))
print(y[0], y[1], y[999])  # -> 1.0 1.5 500.5
print(np.all(y == x * np.float32(0.5) + np.float32(1)))  # -> True

# Of another type: compiled anew.
p, q = np.arange(5.0), np.zeros(5)
axpy[1, 32](q, p, 2.0)
print(q)  # -> [0. 2. 4. 6. 8.]

# Arrays that are not row-major come back to their places.
m = np.zeros((4, 6))
axpy[1, 32](m[:, 2], np.arange(4.0), 3.0)
print(m[:, 2], m.sum())  # -> [0. 3. 6. 9.] 18.0
