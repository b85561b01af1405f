"""The object of a method call is evaluated once, whoever has the method."""
import numpy as np


def made(n):
    print("made", n)
    return np.arange(n) * 1.0


print(made(3).sum())
# -> made 3
# -> 3.0
print(made(4).reshape(2, 2).T.sum())
# -> made 4
# -> 6.0
made(2).fill(3)
# -> made 2
np.random.seed(1)
a = np.random.rand(2).sum()
np.random.seed(1)
b = np.random.rand(2)
print(a == b.sum(), np.random.rand(1).max() > 0.0)  # -> True True
c = np.random.rand(1)
np.random.seed(1)
np.random.rand(3)
print(c[0] == np.random.rand(1)[0])  # -> True
