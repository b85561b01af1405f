"""vectorize: objects that behave as NumPy's ufuncs do."""

import unittest

import kjit as nb
import numpy as np


@nb.vectorize(["f4(f4, f4)", "f8(f8, f8)"], identity=0)
def add(a, b):
    """The sum."""
    return a + b


@nb.vectorize
def less(a, b):
    return a - b


@nb.vectorize(["f8(f8)", "c16(c16)"])
def negated(a):
    return -a


@nb.vectorize
def root(x):
    if x < 0:
        raise ValueError("a negative number")
    return np.sqrt(x)


@nb.vectorize(["f8(f8)"], target="parallel", fastmath=True)
def twice(x):
    return x * 2.0


def operands():
    """(a, b) whose shapes go together, of many layouts."""
    rows = np.arange(12.0).reshape(3, 4)
    yield rows, rows + 1
    yield rows.T, np.asfortranarray(rows.T)
    yield rows[:, ::2], rows[:, 1::2]
    yield rows[::-1], np.arange(4.0)
    yield rows, 2.0
    yield np.float64(3), rows[:1]
    yield rows.reshape(3, 1, 4), rows[:, :1]
    yield np.array(2.0), np.array(3.0)
    yield np.zeros((0, 4)), np.zeros((1, 4))
    yield [[1.0, 2.0], [3.0, 4.0]], (5.0, 6.0)
    yield np.broadcast_to(np.arange(4.0), (3, 4)), rows


class Calls(unittest.TestCase):
    def same(self, made, want):
        self.assertEqual(np.shape(made), np.shape(want))
        self.assertEqual(made.dtype, want.dtype)
        np.testing.assert_array_equal(made, want)

    def test_broadcasting_and_layouts(self):
        for mine, numpys in ((add, np.add), (less, np.subtract)):
            for a, b in operands():
                self.same(mine(a, b), numpys(a, b))
                self.assertEqual(type(mine(a, b)), type(numpys(a, b)))

    def test_result_layouts(self):
        a = np.asfortranarray(np.arange(6.0).reshape(2, 3))
        for order in "KACF":
            flags, want = add(a, a, order=order).flags, np.add(a, a, order=order).flags
            self.assertEqual((flags.c_contiguous, flags.f_contiguous), (want.c_contiguous, want.f_contiguous), order)

    def test_loops_by_types(self):
        kinds = [np.bool_, np.int8, np.uint16, np.int32, np.uint64, np.float32, np.float64]
        for s in kinds:
            for t in kinds:
                a, b = np.ones(3, s), np.ones(3, t)
                want = np.float32 if all(np.can_cast(k, np.float32) for k in (s, t)) else np.float64
                self.assertEqual(add(a, b).dtype, want)
        self.assertEqual(add(np.ones(2, np.float32), 2).dtype, np.float32)
        self.assertEqual(add(np.ones(2, np.float32), 2.5).dtype, np.float32)
        self.assertEqual(add(np.float32(1), 2.5).dtype, np.float32)
        self.assertEqual(negated(np.ones(2, np.complex64)).dtype, np.complex128)
        with self.assertRaisesRegex(TypeError, "ufunc 'add' did not contain a loop with signature matching types"):
            add(np.ones(2, complex), 1)

    def test_out(self):
        a, b = np.arange(6.0).reshape(2, 3), np.arange(3.0)
        for out in (np.zeros((2, 3)), np.zeros((2, 3), order="F"), np.zeros((2, 6))[:, ::2], np.zeros((2, 3), np.float32), np.zeros((2, 3), complex)):
            self.assertIs(add(a, b, out=out), out)
            np.testing.assert_array_equal(out, a + b)
            self.assertIs(add(a, b, out), out)
            self.assertIs(add(a, b, out=(out,)), out)
        self.assertEqual(add(b, b, out=np.zeros((2, 3))).tolist(), np.add(b, b, out=np.zeros((2, 3))).tolist())
        line = np.arange(6.0)
        add(line[1:], line[:-1], out=line[1:])
        self.assertEqual(line.tolist(), [0.0, 1.0, 3.0, 5.0, 7.0, 9.0])
        with self.assertRaisesRegex(ValueError, "non-broadcastable output operand with shape"):
            add(a, b, out=np.zeros((1, 3)))
        with self.assertRaises(ValueError):
            add(a, b, out=np.zeros(3))
        with self.assertRaisesRegex(TypeError, "Cannot cast ufunc 'add' output"):
            add(a, b, out=np.zeros((2, 3), np.int64))
        with self.assertRaisesRegex(TypeError, "return arrays must be of ArrayType"):
            add(a, b, out=[0.0])
        whole = np.zeros((2, 3), np.int64)
        add(a, b, out=whole, casting="unsafe")
        self.assertEqual(whole.tolist(), (a + b).astype(int).tolist())

    def test_where_of_reduce(self):
        @nb.vectorize(["float64(float64, float64)"], identity=0)
        def plus(a, b):
            return a + b

        @nb.vectorize(["float64(float64, float64)"])
        def minus(a, b):
            return a - b

        a = np.arange(12.0).reshape(3, 4)
        mask = a % 3 != 0
        for axis in 0, 1, -1, None:
            for keepdims in False, True:
                for where in mask, mask[0], False:
                    np.testing.assert_array_equal(plus.reduce(a, axis=axis, keepdims=keepdims, where=where),
                                                  np.add.reduce(a, axis=axis, keepdims=keepdims, where=where))
        np.testing.assert_array_equal(minus.reduce(a, axis=1, initial=3.0, where=mask), np.subtract.reduce(a, axis=1, initial=3.0, where=mask))
        with self.assertRaisesRegex(ValueError, "does not have an identity"):
            minus.reduce(a, where=mask)

    def test_where(self):
        a = np.array([4.0, -1.0, 9.0])
        out = np.full(3, 7.0)
        self.assertEqual(root(a, where=a >= 0, out=out).tolist(), [2.0, 7.0, 3.0])
        self.assertEqual(root(a, where=False, out=out).tolist(), [2.0, 7.0, 3.0])
        wide = np.zeros((2, 3))
        np.testing.assert_array_equal(add(a, 1.0, out=wide, where=[[True], [False]]), np.add(a, 1.0, out=np.zeros((2, 3)), where=[[True], [False]]))

    def test_dtype(self):
        self.assertEqual(add(np.arange(3), 1, dtype=np.float32).dtype, np.float32)
        self.assertEqual(less(np.arange(3), 1, dtype="f4").dtype, np.float32)
        with self.assertRaisesRegex(TypeError, "No loop matching"):
            add(1, 2, dtype=complex)

    def test_exceptions_are_those_of_the_function(self):
        with self.assertRaisesRegex(ValueError, "a negative number"):
            root(np.array([1.0, -1.0]))
        with self.assertRaisesRegex(ValueError, "could not be broadcast together with shapes"):
            add(np.ones(3), np.ones(4))
        with self.assertRaisesRegex(TypeError, "takes from 2 to 3 positional arguments but 1"):
            add(1.0)

    def test_attributes(self):
        self.assertEqual((add.nin, add.nout, add.nargs, add.ntypes, add.types, add.identity, add.signature), (2, 1, 3, 2, ["ff->f", "dd->d"], 0, None))
        self.assertEqual((add.__name__, add.__doc__, repr(add)), ("add", "The sum.", "<ufunc 'add'>"))
        self.assertEqual(add.py_func(1, 2), 3)

    def test_in_kernels(self):
        @nb.njit
        def kernel(a, out):
            add(a, 1.0, out)
            return twice(a) + less(a, 1.0), add.reduce(a)

        a, out = np.arange(4.0), np.zeros(4)
        made, total = kernel(a, out)
        np.testing.assert_array_equal(made, a * 3 - 1)
        np.testing.assert_array_equal(out, a + 1)
        self.assertEqual(total, 6.0)


class Methods(unittest.TestCase):
    def test_reduce(self):
        a = np.arange(24.0).reshape(2, 3, 4)
        for axis in (0, 1, -1, None, (0, 1), (0, -1), ()):
            for keepdims in (False, True):
                made, want = add.reduce(a, axis=axis, keepdims=keepdims), np.add.reduce(a, axis=axis, keepdims=keepdims)
                self.assertEqual(np.shape(made), np.shape(want))
                np.testing.assert_array_equal(made, want)
        np.testing.assert_array_equal(less.reduce(a), np.subtract.reduce(a))
        np.testing.assert_array_equal(less.reduce(a, 1, initial=100.0), np.subtract.reduce(a, 1, initial=100.0))
        self.assertEqual(add.reduce(np.zeros(0)), 0.0)
        self.assertIsInstance(add.reduce(a[0, 0]), np.float64)
        self.assertEqual(add.reduce(np.arange(3, dtype=np.int8), dtype=np.float32).dtype, np.float32)
        out = np.zeros((3, 4))
        self.assertIs(add.reduce(a, out=out), out)
        np.testing.assert_array_equal(out, a.sum(0))
        with self.assertRaisesRegex(ValueError, "zero-size array to reduction operation"):
            less.reduce(np.zeros(0))
        with self.assertRaisesRegex(ValueError, "at most one axis may be"):
            less.reduce(a, axis=(0, 1))
        with self.assertRaises(np.exceptions.AxisError):
            add.reduce(a, axis=3)
        with self.assertRaisesRegex(ValueError, "reduce only supported for binary functions"):
            negated.reduce(a)

    def test_accumulate_reduceat_outer(self):
        a = np.arange(12.0).reshape(3, 4) ** 1.5
        for axis in (0, 1, -1):
            np.testing.assert_array_equal(less.accumulate(a, axis), np.subtract.accumulate(a, axis))
            np.testing.assert_array_equal(less.reduceat(a, [0, 2, 1], axis), np.subtract.reduceat(a, [0, 2, 1], axis))
        for x, y in ((a, a[0]), (a[0], a), (2.0, a), (a, 2.0), (a[:, ::2], a[::2]), ([1.0, 2.0], [3.0])):
            np.testing.assert_array_equal(less.outer(x, y), np.subtract.outer(x, y))

    def test_at(self):
        for index, value in (([0, 0, 2], 1.5), (1, 2.0), ([2, 1], [3.0, 4.0]), (np.array([True, False, True]), 1.0), (-1, 5.0)):
            mine, want = np.arange(3.0), np.arange(3.0)
            self.assertIsNone(less.at(mine, index, value))
            np.subtract.at(want, index, value)
            np.testing.assert_array_equal(mine, want)
        mine, want = np.ones((2, 3)), np.ones((2, 3))
        less.at(mine, ([0, 1, 1], [2, 0, 0]), 1.0), np.subtract.at(want, ([0, 1, 1], [2, 0, 0]), 1.0)
        np.testing.assert_array_equal(mine, want)
        negated.at(mine, [0])
        np.testing.assert_array_equal(mine[0], -want[0])
        with self.assertRaisesRegex(ValueError, "second operand needed"):
            less.at(mine, [0])


class Overrides(unittest.TestCase):
    """Operands that say themselves what ufuncs do with them."""

    class Wrapped:
        def __init__(self, value):
            self.value = value

        def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
            opened = [i.value if isinstance(i, Overrides.Wrapped) else i for i in inputs]
            if "out" in keywords:
                keywords["out"] = tuple(o.value if isinstance(o, Overrides.Wrapped) else o for o in keywords["out"])
            return Overrides.Wrapped(getattr(ufunc, method)(*opened, **keywords))

    class Never:
        __array_ufunc__ = None

    class Declines:
        def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
            return NotImplemented

    def test_calls_go_to_the_operand(self):
        a = np.arange(3.0)
        self.assertEqual(add(self.Wrapped(a), 1.0).value.tolist(), [1.0, 2.0, 3.0])
        self.assertEqual(add(a, self.Wrapped(a)).value.tolist(), [0.0, 2.0, 4.0])
        self.assertEqual(add.reduce(self.Wrapped(a)).value, 3.0)
        self.assertEqual(less.outer(self.Wrapped(a), a).value.shape, (3, 3))
        out = np.zeros(3)
        add(a, a, out=self.Wrapped(out))
        self.assertEqual(out.tolist(), [0.0, 2.0, 4.0])

    def test_refusals(self):
        with self.assertRaisesRegex(TypeError, "does not support ufuncs"):
            add(self.Never(), 1.0)
        with self.assertRaisesRegex(TypeError, "all returned NotImplemented"):
            add(1.0, self.Declines())


class Declaration(unittest.TestCase):
    def test_errors(self):
        with self.assertRaisesRegex(ValueError, "'cpu', 'parallel' or 'cuda'"):
            nb.vectorize(target="paralel")
        with self.assertRaisesRegex(TypeError, "unexpected option 'tarjet'"):
            nb.vectorize(tarjet="cpu")
        with self.assertRaisesRegex(TypeError, "by position"):
            nb.vectorize(lambda *a: a[0])
        with self.assertRaisesRegex(TypeError, "over numbers"):
            nb.vectorize(["f8(f8[:])"])(lambda x: x)
        with self.assertRaisesRegex(TypeError, "takes 1 arguments, a signature has 2"):
            nb.vectorize(["f8(f8, f8)"])(lambda x: x)

    def test_forms(self):
        def more(x):
            return x + 1

        for made in (nb.vectorize("f8(f8)")(more), nb.vectorize(nb.float64(nb.float64))(more), nb.vectorize([(nb.float64,)])(more),
                     nb.vectorize(more), nb.vectorize(nopython=True, cache=True)(more), nb.vectorize(nb.njit(more))):
            self.assertEqual(made(np.arange(2.0)).tolist(), [1.0, 2.0])


if __name__ == "__main__":
    unittest.main()
