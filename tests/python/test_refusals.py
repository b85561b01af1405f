"""What NumPy refuses, kernels refuse in its words; beside it the calls next to those, with NumPy's results."""

import unittest

import numpy as np

import kjit

ONES = np.ones
LINE = np.arange(6.0)
TABLE = np.arange(6.0).reshape(2, 3)
EMPTY = np.zeros(0)
YES = np.ones
FAR = 2**63 - 1


def product(a, b):
    return a @ b


def dot(a, b):
    return np.dot(a, b)


def inner(a, b):
    return np.inner(a, b)


def update(a, b):
    a += b
    return a


def update_slice(a, b):
    a[1:] += b
    return a


def add_into(a, b, c):
    np.add(a, b, out=c)
    return c


def root_into(a, c):
    np.sqrt(a, c)
    return c


def every(a, s):
    return a[::s], a[5::s], a[:2:s], a[1:4:s], a[-1:0:s]


def between(a, i, j, k):
    a[i:j:k] = -1
    return a


def no_points(a):
    return np.linspace(0, a[0], -1)


def extract(c, a):
    return np.extract(c, a)


def compress(c, a):
    return np.compress(c, a)


def place(a, m, v):
    np.place(a, m, v)
    return a


def putmask(a, m, v):
    np.putmask(a, m, v)
    return a


def put(a, i, v):
    np.put(a, i, v)
    return a


def delete(a, m):
    return np.delete(a, m)


def delete_columns(a, m):
    return np.delete(a, m, 1)


def average(a, w):
    return np.average(a, weights=w)


def average_rows(a, w):
    return np.average(a, axis=1, weights=w)


LENGTHS = [((4,), (5,)), ((3, 4), (5,)), ((4,), (5, 2)), ((3, 4), (5, 2)), ((3, 4), (3, 4)), ((3, 4), (4,)), ((4,), (4, 2)), ((3, 4), (4, 2))]
CALLS = [
    *((f, ONES(x), ONES(y)) for f in (product, dot, inner) for x, y in LENGTHS),
    (product, ONES((2, 3, 4)), ONES((5, 2))), (product, ONES((2, 3, 4)), ONES(5)), (product, ONES(4), ONES((2, 3, 4))),
    (dot, ONES((2, 3, 4)), ONES(5)),
    *((update, ONES(x), ONES(y)) for x, y in [(3, 4), ((2, 3), (3, 2)), (1, 4), ((2, 1), 4), ((2, 1), (2, 0)), ((2, 3), 2), ((2, 3), 3),
                                              ((2, 3), (2, 1)), (3, 1)]),
    (update_slice, ONES(3), ONES(4)), (update_slice, ONES(3), ONES(2)),
    *((add_into, ONES(x), ONES(y), ONES(z)) for x, y, z in [(1, 4, 1), ((2, 3), 3, (3, 3)), ((2, 3), 4, (3, 3)), ((1, 3), 3, (1, 1)), (3, 3, (2, 3))]),
    (root_into, ONES(4), ONES(3)),
    *((every, np.arange(10), s) for s in (1, 2, -2, 7, 10, 11, 2**62, -2**62, FAR, -FAR - 1)),
    (between, np.arange(10), -FAR - 1, FAR, FAR), (between, np.arange(10), FAR, -FAR - 1, -FAR - 1), (between, np.arange(10), 5, 5, -FAR - 1),
    (no_points, LINE),
    (extract, YES(7, bool), LINE), (extract, YES((2, 3), bool), LINE), (compress, YES(7, bool), LINE), (compress, LINE > 2, LINE),
    (place, LINE, YES(5, bool), LINE), (place, LINE, YES(7, bool), LINE), (place, LINE, LINE > 2, EMPTY), (place, LINE, LINE > 9, EMPTY),
    (place, LINE, LINE > 2, -LINE[1:3]),
    (putmask, LINE, YES(7, bool), LINE), (putmask, LINE, LINE > 2, EMPTY), (putmask, LINE, LINE > 2, -LINE[1:3]),
    (put, LINE, np.array([1]), EMPTY), (put, EMPTY, np.array([1]), LINE), (put, LINE, np.array([1, -1]), -LINE[1:]),
    (delete, LINE, LINE > 2), (delete, LINE, LINE[:5] > 2), (delete, LINE, np.array([1, 1])), (delete, LINE, True),
    (delete_columns, TABLE, np.array([True, False, True])),
    (average, LINE, LINE * 0), (average, EMPTY, EMPTY), (average, LINE, LINE), (average_rows, TABLE, np.array([[1.0, 2, 3], [0, 0, 0]])),
    (average_rows, TABLE, np.zeros(3)), (average_rows, TABLE, np.array([1.0, 0, 0])),
]


def outcome(function, arguments):
    given = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    try:
        with np.errstate(all="ignore"):
            return function(*given), given
    except Exception as e:  # what it refuses is the answer
        return type(e), str(e).strip()


class Refusals(unittest.TestCase):
    def test_as_numpy(self):
        kernels = {}
        for function, *arguments in CALLS:
            kernel = kernels.setdefault(function, kjit.njit(function))
            with self.subTest(function=function.__name__, arguments=arguments):
                want, got = outcome(function, arguments), outcome(kernel, arguments)
                if isinstance(want[0], type):
                    self.assertEqual(got[0], want[0])
                    self.assertIn(want[1], got[1])
                else:
                    np.testing.assert_equal(got, want)


if __name__ == "__main__":
    unittest.main()
