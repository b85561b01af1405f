# Products of stacks of matrices, out, inner, vdot.
import numpy as np
from numba import njit


@njit
def product(a, b):
    return a @ b


@njit
def into(a, b, c):
    np.matmul(a, b, out=c)
    return np.matmul(a, b, c).sum()


@njit
def onto_itself(a, b):
    np.dot(a, b, a)
    return a


@njit
def inner(a, b):
    return np.inner(a, b)


@njit
def vdot(a, b):
    return np.vdot(a, b)




def check(dtype):
    ok = True
    t = (np.arange(2 * 3 * 4) % 7 - 3).reshape(2, 3, 4).astype(dtype)
    u = (np.arange(2 * 4 * 5) % 5 - 2).reshape(2, 4, 5).astype(dtype)
    m = u[1]
    v = u[0, :, 0]
    w = t[:, :, 1].reshape(1, 2, 3)
    for k in range(2):
        ok = ok and (product(t, u)[k] == product(t[k], u[k])).all()
        ok = ok and (product(t, m)[k] == product(t[k], m)).all()
        ok = ok and (product(t, v)[k] == product(t[k], v)).all()
        ok = ok and (product(m.T, u)[k] == product(m.T, u[k])).all()
        ok = ok and (product(v, u)[k] == product(v, u[k])).all()
        ok = ok and (product(w, t)[k] == product(w[0], t[k])).all()
        ok = ok and (product(t[:, ::-1, ::2], u[:, ::2, ::-1])[k] == product(t[k, ::-1, ::2], u[k, ::2, ::-1])).all()
    ok = ok and product(t, u).shape == (2, 3, 5) and product(v, u).shape == (2, 5) and product(t, v).shape == (2, 3)
    return ok and product(t.reshape(1, 2, 3, 4), u.reshape(2, 1, 4, 5)).shape == (2, 2, 3, 5)


print(check(np.float64), check(np.complex64), check(np.int64), check(np.float32))  # -> True True True True
print(product(np.ones((2, 0, 3)), np.ones((2, 3, 4))).shape, product(np.ones((2, 1, 0)), np.ones((2, 0, 2))))  # -> (2, 0, 4) [[[0. 0.]]
# ->
# ->  [[0. 0.]]]
print(product(np.ones((2, 2, 2), np.int8), np.full((2, 2), 100, np.int8))[1])  # -> [[-56 -56]
# ->  [-56 -56]]
print(product(np.ones((2, 2, 2), np.float32), np.ones((2, 2))).dtype)  # -> float64

a = np.array([[1.0, 2.0], [3.0, 4.0]])
c = np.zeros((4, 4))
print(into(a, a, c[::2, 1:3]), c)  # -> 54.0 [[ 0.  7. 10.  0.]
# ->  [ 0.  0.  0.  0.]
# ->  [ 0. 15. 22.  0.]
# ->  [ 0.  0.  0.  0.]]
print(onto_itself(a.copy(), a))  # -> [[ 7. 10.]
# ->  [15. 22.]]
b = np.arange(900.0).reshape(30, 30) % 7
print((onto_itself(b.copy(), b) == product(b, b)).all(), (onto_itself(b, b) == b).all())  # -> True True

print(inner(a, a), inner(a[0], a), inner(a, a[1]), inner(a[0], a[1]))  # -> [[ 5. 11.]
# ->  [11. 25.]] [ 5. 11.] [11. 25.] 11.0
z = np.array([[1 + 2j, 3j], [0, 1]])
print(vdot(z, z), vdot(z.T, z), vdot(a, a.T), vdot(np.array([1, 2]), np.array([3, 4])))  # -> (15+0j) (6+0j) 29.0 11
