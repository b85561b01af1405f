import numpy as np

for a in [np.arange(6).reshape(2, 3), np.linspace(0, 1, 3), np.array([True, False]), np.array([1 + 2j]), np.float32([[1.5], [2.5]]), np.array(7)]:
    np.save("/tmp/kjit_script_files_test.npy", a)
    b = np.load("/tmp/kjit_script_files_test.npy")
    print(b, b.dtype, b.shape, np.array_equal(a, b))
print(np.allclose([1, 2], [1, 2.000001]), np.allclose(1, 1.1), np.array_equal([1, 2], [1, 2, 3]), np.allclose([np.nan], [np.nan]))
