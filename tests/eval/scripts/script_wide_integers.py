# Integers between 2^63 and 2^64, which only np.uint64 holds.
import numpy as np

x = np.uint64(2**63 + 5)
print(x, int(x), repr(x), f"{x}", f"{x:x}", f"{x:>25,}")
print(np.iinfo(np.uint64).max, np.iinfo(np.uint64).max == 2**63 - 1 + 2**63, np.iinfo(np.uint64).min)
big = 9223372036854775808
print(big, -big, big - 1, big // 3, big % 1000, big / 2, big >> 3, big | 1, big & big, ~(big - 1), 1 << 63)
print(big > 5, 5 > big, big == 2.0**63, big * 1.0, float(big), type(big), isinstance(big, int), bool(big))
print("%d %s %x" % (big, big, big), "{:b}".format(big), str(big), hex(255))
print(9223372036854775807 + 1 - 1, 3 * 2**62, -9223372036854775807 - 1)
print(np.array([1, big], dtype=np.uint64), np.full(2, big, dtype=np.uint64))
print(sum([big, 1]), max(1, big), sorted([big, 3]), [big], (big,))
print(np.uint64(7) * 2, np.uint64(big) // np.uint64(2), np.float64(big))
