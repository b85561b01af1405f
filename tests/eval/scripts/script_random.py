import numpy as np

np.random.seed(42)
print(np.random.rand(), np.random.rand(3), np.random.randn(2, 2), np.random.randint(0, 10, 5), np.random.randint(5), np.random.random(), np.random.uniform(1, 2, 3), np.random.normal(0, 1, 2), np.random.choice(5, 3), np.random.permutation(5), np.random.standard_normal(2))
np.random.seed(0)
v = np.arange(6); np.random.shuffle(v); print(v, np.random.choice([10, 20, 30]), np.random.poisson(3, 4), np.random.exponential(2.0), np.random.gamma(2.0, 1.0, 2))
