# numpy.linalg: results fit, have NumPy's types and shapes; printed where they are exact.
import numpy as np
from numba import njit
from numpy.linalg import det, inv


@njit
def f_inv(a):
    return np.linalg.inv(a)


@njit
def f_det(a):
    return det(a)


@njit
def f_solve(a, b):
    return np.linalg.solve(a, b)


@njit
def f_qr(a):
    return np.linalg.qr(a)


@njit
def f_qr_complete(a):
    return np.linalg.qr(a, mode="complete")


@njit
def f_r(a):
    return np.linalg.qr(a, "r")


@njit
def f_svd(a):
    return np.linalg.svd(a)


@njit
def f_thin(a):
    return np.linalg.svd(a, full_matrices=False)


@njit
def f_values(a):
    return np.linalg.svd(a, compute_uv=False), np.linalg.svdvals(a)


@njit
def f_eigh(a):
    w, v = np.linalg.eigh(a)
    return w, v, np.linalg.eigvalsh(a), np.linalg.eigvalsh(a, "U")


@njit
def f_eig(a):
    w, v = np.linalg.eig(a)
    return w, v, np.linalg.eigvals(a)


@njit
def f_lstsq(a, b):
    return np.linalg.lstsq(a, b)


@njit
def f_cholesky(a):
    return np.linalg.cholesky(a)


def numbers(m, n, dtype):
    x = ((np.arange(m * n) * 7) % 11 - 4).reshape(m, n)
    if dtype == np.complex64 or dtype == np.complex128:
        return (x + 1j * ((x * 5) % 7)).astype(dtype)
    return x.astype(dtype)


def size_of_error(x, y):
    return 0.0 if x.size == 0 else np.abs(x - y).max()


def check(dtype, eps, n):
    a = numbers(n, n, dtype) + (3 * np.eye(n)).astype(dtype)
    h = a @ a.T.conj() + np.eye(n).astype(dtype)
    one = np.eye(n).astype(dtype)
    back = a[::-1, ::-1][::-1, ::-1]
    worst = 0.0
    for x in (a, a.T.copy().T, back):
        worst = max(worst, size_of_error(f_inv(x) @ a, one))
        worst = max(worst, size_of_error(a @ f_solve(x, a[:, 1]), a[:, 1]))
        worst = max(worst, size_of_error(a @ f_solve(x, a[:, ::2]), a[:, ::2]))
        w, v, w2 = f_eig(x + 0j)
        worst = max(worst, size_of_error(a @ v, v * w), size_of_error(w, w2))
    l = f_cholesky(h)
    worst = max(worst, size_of_error(l @ l.T.conj(), h), np.abs(np.triu(l, 1)).max())
    w, v, w2, w3 = f_eigh(h)
    worst = max(worst, size_of_error(h @ v, v * w) / n, size_of_error(w, w2) / n, size_of_error(w, w3) / n)
    for m in (a, numbers(n + 3, n, dtype), numbers(n, n + 4, dtype)[:, ::-1]):
        q, r = f_qr(m)
        worst = max(worst, size_of_error(q @ r, m), size_of_error(np.abs(f_r(m)), np.abs(r)))
        q, r = f_qr_complete(m)
        worst = max(worst, size_of_error(q @ r, m), size_of_error(q @ q.T.conj(), np.eye(m.shape[0])))
        u, s, vt = f_svd(m)
        k = s.size
        worst = max(worst, size_of_error((u[:, :k] * s) @ vt[:k], m), size_of_error(u @ u.T.conj(), np.eye(m.shape[0])))
        u, s2, vt = f_thin(m)
        worst = max(worst, size_of_error((u * s) @ vt, m), size_of_error(s, s2))
        s3, s4 = f_values(m)
        worst = max(worst, size_of_error(s, s3), size_of_error(s, s4))
        x, residuals, rank, s5 = f_lstsq(m, m[:, :2])
        worst = max(worst, size_of_error(m @ x, m[:, :2]), size_of_error(s, s5))
    return worst < eps * n * n * 30


print(check(np.float64, 2e-16, 5), check(np.float64, 2e-16, 40))  # -> True True
print(check(np.float32, 1e-7, 5), check(np.float32, 1e-7, 30))  # -> True True
print(check(np.complex128, 2e-16, 5), check(np.complex64, 1e-7, 20))  # -> True True

a = np.array([[1.0, 2.0], [3.0, 4.0]])
print(f_det(a), f_det(np.array([[1, 2], [2, 4]])), f_det(np.array([[2j, 0], [0, 3j]])))  # -> -2.0000000000000004 0.0 (-6+0j)
print(f_inv(np.array([[2, 0], [0, 4]])))  # -> [[0.5  0.  ]
# ->  [0.   0.25]]
print(f_solve(np.array([[2, 1], [0, 4]]), np.array([4, 8])))  # -> [1. 2.]
print(f_inv(a.astype(np.float32)).dtype, f_qr(a.astype(np.complex64))[1].dtype)  # -> float32 complex64
print(inv(np.array([[4.0]])), det(np.array([[3.0]])))  # -> [[0.25]] 3.0000000000000004
# stacks of matrices
t = np.array([[[2.0, 0.0], [0.0, 4.0]], [[1.0, 1.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
print(f_det(t))  # -> [ 8.  1. -1.]
print(f_inv(t)[2], f_inv(t)[0, 1])  # -> [[0. 1.]
# ->  [1. 0.]] [0.   0.25]
print(f_solve(t, np.array([2.0, 4.0])))  # -> [[ 1.  1.]
# ->  [-2.  4.]
# ->  [ 4.  2.]]
print(f_solve(t, np.ones((2, 3))).shape, f_solve(t[:1], t).shape, f_svd(t)[1].shape)  # -> (3, 2, 3) (3, 2, 2) (3, 2)
# rank, residuals
x, residuals, rank, s = f_lstsq(np.array([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]]), np.array([1.0, 2.0, 4.0]))
print(np.round(x, 6), np.round(residuals, 6), rank, s.shape)  # -> [-0.666667  1.5     ] [0.166667] 2 (2,)
x, residuals, rank, s = f_lstsq(np.ones((3, 2)), np.array([[1.0], [2.0], [3.0]]))
print(x.shape, residuals, rank)  # -> (2, 1) [] 1
# nothing in it
e = np.zeros((0, 0))
print(f_inv(e).shape, f_det(e), f_solve(e, np.zeros(0)), f_cholesky(e).shape)  # -> (0, 0) 1.0 [] (0, 0)
print(f_svd(np.zeros((2, 0)))[0], f_qr(np.zeros((2, 0)))[0].shape, f_eigh(e)[0])  # -> [[1. 0.]
# ->  [0. 1.]] (2, 0) []
print(np.linalg.cholesky(np.array([[4.0, 2.0], [2.0, 5.0]]), upper=True))  # -> [[2. 1.]
# ->  [0. 2.]]


@njit
def sizes(a):
    try_again = 0.0
    for _ in range(3):
        a = np.linalg.inv(a)
        try_again += np.linalg.det(a)
    return a, try_again


print(sizes(np.array([[0.0, 1.0], [1.0, 0.0]]))[1])  # -> -3.0
