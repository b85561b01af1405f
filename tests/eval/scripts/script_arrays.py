import numpy as np
a = np.zeros((2, 3))
print(a, a.shape, a.ndim, a.size, a.dtype, a.nbytes, a.itemsize, a.strides)
b = np.arange(12).reshape(3, 4)
print(b)
print(b[1], b[1, 2], b[-1, -1], b[:, 1], b[::2, 1:3], b[..., 0], b[None, 0].shape, b.T.shape)
b[0, 0] = 100
b[1] = 7
b[2, ::2] = [1, 2]
b[:, 3] = np.array([5, 6, 7])
print(b, len(b))
for row in b:
    print(row, row[0])
x = np.float32(0.1)
print(x, repr(x), x.dtype, x + 1, type(x + 1.0) is np.float32, np.float32(3) / 2, np.int32(7) // 2, np.int64(5) % 3, np.uint8(250) + np.uint8(3))
print([np.float64(1.5), np.int64(3), np.bool_(True), np.complex64(1 + 2j)])
print(np.linspace(0, 1, 5), np.ones(3, dtype=np.int32), np.full((2, 2), 7), np.eye(3), np.arange(0, 1, 0.25), np.arange(5.0), np.arange(10, 0, -3))
print(repr(np.array([1.5, 2, 3])), repr(np.array([[1, 2], [3, 4]], dtype=np.float32)), repr(np.array([True, False])))
print(np.array([1, 2.5, 3]).dtype, np.array([1, 2]).tolist(), np.array([[1, 2], [3, 4]]).tolist(), np.array(5), np.array([1 + 2j]))
c = b.copy(); c[0, 0] = -1; print(b[0, 0], c[0, 0], b.astype(np.float64)[0])
print(b.item(0, 1), np.array([3]).item(), b.flatten()[:5], b.ravel().shape, b.reshape(-1).shape, b.reshape(2, -1).shape, b.transpose(1, 0).shape)
print(np.sqrt(2), np.sin(1.0), np.pi, np.inf, np.nan, np.isnan(np.nan), np.log10(1000))
print(np.zeros_like(b).dtype, np.empty_like(b).shape, np.ones_like(b, dtype=np.float32))
print(f"{x:.3f} {b[1,2]:5d} {np.float64(2.5):8.2f} {np.float64(2.5)} {b[0,0]}|{np.int32(4):>4}|{np.pi:.4f}")
e = np.arange(24).reshape(2, 3, 4)
print(e[1, ..., 2], e[:, 1], e[0, 1:, ::-1], e[..., -1].shape, e[:, None, 0].shape)
e[1, :, :] = 0
e[0, 0] = e[0, 1]
print(e)
g = np.arange(10)
g[1:] = g[:-1]
print(g, g[-3:], g[::-2], g[20:])
print(int(g[3]), float(g[2]), bool(g[0]), g[3] == 2, g[3] > 1, g[1] + g[2], g[3] * 1.5, -g[3], g[3] ** 2, g[3] / 2, 2 ** g[3], round(np.float64(2.567), 2))
s = 0.0
for v in np.array([1.5, 2.5]): s += v
print(s)
print(np.int64(3) + 2, np.float32(1) + np.float64(2), np.int32(1) + np.int64(1), np.int8(100) * 1, (np.int32(5) + 1).dtype, (np.float32(2) * 2.5).dtype, (np.int32(2) * 2.5).dtype, (np.int32(1) + np.float32(1)).dtype)
print(np.array([[1.5, -2.25], [1e10, 3]]), np.array([1e-5, 1.0]), np.array([], dtype=np.float64), np.zeros((0, 3)))
print(np.arange(2000), np.array([0.1, 0.25, 1/3]), np.array([1e300, 1]), np.array([np.nan, np.inf, -1]))
h = np.asfortranarray(np.arange(6).reshape(2, 3)); print(h, h.strides, np.ascontiguousarray(h).strides)
z = np.array([1+2j, 3-1j]); print(z.real, z.imag, z[0].real, abs(z[0]), z[0] * 2, z[0].conjugate())

for index in np.ndindex(2, 2):
    print(index, end=" ")
print(list(np.ndindex((1, 2))), list(np.ndindex(3, 0)), list(np.ndindex()))
for (i, j), x in np.ndenumerate(np.array([[1.5, 2.5]])):
    print(i, j, x)
print([k for k, in np.ndindex(3)], [int(x) for _, x in np.ndenumerate(np.array(7))])
