# What stands inside tuples, lists and formatted text.
import numpy as np

print((np.array([1, 2]), np.float64(1.0)))
print([np.array([1.5, 2]), np.int32(3), np.bool_(True), np.complex64(1 + 2j)])
print([np.arange(6).reshape(2, 3), "x"], (np.array([[1, 2], [3, 4]]),))
print([np.array([])], [np.zeros(3, dtype=np.float32)], [np.array(5, dtype=np.int8)], [np.arange(2000)])
print([[np.arange(3)], (np.float32(2),)])
print("%c|%c|%5c|%-3c|%c" % ("a", 98, "x", "y", np.int32(99)))
print("%s" % (np.array([1, 2]),), "%r" % np.float32(3), f"{np.array([1, 2])!r}")
x = np.float32(0.1)
print(x, str(x), f"{x}", f"{x!s}", f"{x!r}", f"{x:.3f}", f"{x:>22}", "{}".format(x), "%s" % x, "%.3f" % x)
print(f"{np.complex64(0.1)}", f"{np.bool_(True)}", f"{np.bool_(True):5}|", f"{np.int8(3):03d}", f"{np.float64(0.1)}")
