import numpy as np
import math
a = np.arange(6)
for i, v in enumerate(a): print(i, v, end=";")
print()
print(max(a), min(a), sum(a), sorted(a, reverse=True), list(a), tuple(a[:2]))

x, y = np.array([1.5, 2.5])
print(x, y)
print([f"{v:5.2f}" for v in np.linspace(0, 1, 3)])
m = np.zeros((2, 2), dtype="float32")
print(m.dtype, m)
print(math.sqrt(a[4]), int(a[3]) << 2, a[1] == 1, a[2] in [2], 3 in a if False else True)
s = a.shape
n, = s
print(n, s[0], len(s), a.size // 2, np.float64(3).item())
print(np.int64(7) / 2, np.float32(7) // 2, 7 % np.int64(4), np.pi * 2, -np.float64(1))
print(str(np.float64(1e20)), np.float32(1e10), np.float64(1) / 3, np.float32(1) / 3)
print(np.dtype("float32") if False else np.float32(1).dtype, np.iinfo(np.int32).max, np.finfo(np.float64).eps)
print(round(a[3] / 7, 3), abs(np.int32(-5)), divmod(a[5], 3), pow(a[2], 3), float(a[1]) + 1)
print("%d %s %.3f" % (a[3], a[2], a[1]), "{:d} {}".format(a[1], a))
