"""What goes in and what comes out: numbers, arrays without copies, tuples, None, text, dtypes, functions, keywords."""

import gc
import os
import pathlib
import pickle
import sys
import tempfile
import unittest

import numpy as np

import kjit


@kjit.njit
def add(a, b):
    return a + b


@kjit.njit
def same(a):
    return a


@kjit.njit
def scale(a, k=2.0, offset=1):
    return a * k + offset


@kjit.njit
def tail(a):
    return a[1:]


@kjit.njit
def fill(a, v):
    a[:] = v


@kjit.njit
def total(a):
    s = a.dtype.type(0)
    for i in range(a.shape[0]):
        for j in range(a.shape[1]):
            s += a[i, j] * (i + 2 * j)
    return s


@kjit.njit
def or_zero(x):
    if x is None:
        return 0
    return x + 1


@kjit.njit
def maybe(n):
    if n > 0:
        return n
    return None


@kjit.njit
def make(n, dtype):
    return np.zeros(n, dtype=dtype)


@kjit.njit
def swap(pair):
    return pair[1], (pair[0], None)


TABLE = np.arange(4.0)


@kjit.njit
def frozen():
    return TABLE


@kjit.njit
def twice(x):
    return 2 * x


@kjit.njit
def apply(f, x):
    return f(x)


@kjit.njit
def count(*rest):
    return len(rest)


@kjit.njit
def along(a, axis, keep=False):
    return a.sum(axis, keepdims=keep)


@kjit.njit
def only(a, *, b, c=3):
    return a * 100 + b * 10 + c


class Scalars(unittest.TestCase):
    def test_python_numbers_give_python_numbers(self):
        for a, b in ((1, 2), (1.5, 2), (1 + 2j, 3), (True, 2)):
            self.assertEqual(add(a, b), a + b)
            self.assertIs(type(add(a, b)), type(a + b))

    def test_python_numbers_are_weak_and_numpy_scalars_strong(self):
        self.assertEqual(scale(np.float32(0.1), 1, 0), float(np.float32(0.1)))
        self.assertIn(("float32", "int (Python)", "int (Python)"), scale.signatures)
        a = np.full(2, 0.1, np.float32)
        self.assertEqual(scale(a, 3.0).dtype, np.float32)
        self.assertEqual(scale(a, np.float64(3.0)).dtype, np.float64)

    def test_each_scalar_type_keeps_its_value(self):
        for dtype in (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64, np.float32, np.float64, np.complex64,
                      np.complex128, np.bool_):
            for value in (0, 1, 100):
                with self.subTest(dtype=dtype.__name__, value=value):
                    self.assertEqual(same(dtype(value)), dtype(value).item())
        self.assertEqual(same(np.int8(-5)), -5)
        self.assertEqual(same(np.uint64(2**64 - 1)), 2**64 - 1)
        self.assertEqual(same(np.complex64(1 - 2j)), 1 - 2j)

    def test_an_integer_beyond_64_bits_is_an_overflow(self):
        with self.assertRaisesRegex(OverflowError, r"same\(\): argument 'a'"):
            same(2**64)

    def test_specialisations_are_compiled_once_per_type(self):
        @kjit.njit
        def local(a):
            return a

        for value in (1, 2, 1.0, 2.0, 3):
            local(value)
        self.assertEqual(local.signatures, [("int (Python)",), ("float (Python)",)])

    def test_declared_signatures_convert(self):
        @kjit.njit("f8(f8, i8)")
        def declared(a, b):
            return a / b

        self.assertEqual(declared(1, 2), 0.5)
        self.assertEqual(declared(3.0, np.int32(2)), 1.5)

        @kjit.njit(kjit.float64(kjit.float64[:], kjit.int64))
        def objects(a, i):
            return a[i]

        self.assertEqual(objects(np.arange(3.0)[::-1], 0), 2.0)
        with self.assertRaises(TypeError):
            objects(np.arange(3), 0)


class Arrays(unittest.TestCase):
    def test_arrays_are_not_copied(self):
        for a in (np.zeros(5), np.zeros(10)[::2], np.zeros(10)[::-3], np.zeros((3, 4)).T, np.zeros((4, 6))[::2, ::-2]):
            fill(a, 3.0)
            self.assertTrue((a == 3.0).all())

    def test_every_layout_reads_the_same(self):
        a = np.arange(12.0).reshape(3, 4)
        want = total(a)
        for b in (np.asfortranarray(a), a[::-1][::-1], np.repeat(np.repeat(a, 2, 0), 3, 1)[::2, ::3], a[:, ::-1].copy()[:, ::-1]):
            self.assertEqual(total(b), want)
        for dtype in "bhilBHILfdFD?":
            self.assertEqual(total(a.astype(dtype)), total(a.astype(dtype).copy()))

    def test_results_own_their_memory(self):
        made = [make(1000, np.float64) for _ in range(50)]
        for i, a in enumerate(made):
            a[:] = i
        gc.collect()
        self.assertEqual([a[7] for a in made], list(range(50)))
        self.assertFalse(made[0].flags.owndata)
        self.assertTrue(made[0].flags.writeable)

    def test_views_of_arguments_keep_them_alive(self):
        a = np.arange(5.0)
        v = tail(a)
        self.assertIs(v.base, a)
        v[0] = 9
        self.assertEqual(a[1], 9)
        v = tail(np.arange(100000.0))
        gc.collect()
        self.assertEqual(v[-1], 99999)
        self.assertIs(same(a).base, a)

    def test_views_in_tuples_and_of_elements_of_tuples(self):
        a, b = np.arange(3.0), np.arange(4)
        out = swap((a, b))
        self.assertIs(out[0].base, b)
        self.assertIs(out[1][0].base, a)
        self.assertIsNone(out[1][1])

    def test_empty_and_zero_dimensional_arrays(self):
        self.assertEqual(tail(np.zeros(0)).shape, (0,))
        self.assertEqual(add(np.array(2.0), np.array(3.0)), 5.0)
        self.assertEqual(same(np.zeros((0, 3))).shape, (0, 3))
        self.assertEqual(make(0, np.int32).dtype, np.int32)

    def test_read_only_arrays(self):
        a = np.arange(3.0)
        a.flags.writeable = False
        self.assertEqual(scale(a)[2], 5.0)
        self.assertFalse(tail(a).flags.writeable)
        with self.assertRaises(ValueError) as caught:
            fill(a, 1.0)
        self.assertIsInstance(caught.exception, kjit.ReadonlyError)
        self.assertIn("test_arguments.py", str(caught.exception))

    def test_arrays_that_kernels_cannot_take_name_the_argument(self):
        unaligned = np.frombuffer(b"\0" * 17, np.uint8)[1:].view(np.float64)
        for a, why in ((np.zeros(3, ">f8"), "byte order"), (unaligned, "aligned"), (np.zeros(3, "U2"), "<U2"), (np.zeros(3, object), "object"),
                       (np.zeros(3, np.float16), "float16"), (np.zeros(2, [("x", "f8")]), "x"), ([1, 2], "list")):
            with self.subTest(why=why), self.assertRaisesRegex(TypeError, r"scale\(\): argument 'a'.*" + why):
                scale(a)

    def test_subclasses_are_taken_as_arrays(self):
        class Sub(np.ndarray):
            pass

        a = np.arange(3.0).view(Sub)
        self.assertEqual(scale(a)[1], 3.0)

    def test_arrays_with_other_operators_are_refused(self):
        for a in (np.ma.array([1.0, 2.0], mask=[True, False]), np.zeros((1, 1)).view(np.matrix)):
            for _ in range(2):
                with self.assertRaisesRegex(TypeError, r"argument 'a'.*np\.asarray"):
                    scale(a)

    def test_arrays_that_are_globals_can_be_returned(self):
        for _ in range(2):
            a = frozen()
            np.testing.assert_array_equal(a, TABLE)
        with self.assertRaises(ValueError):
            a[0] = 1  # a constant of the kernel, not the module's array

    def test_calls_do_not_leak(self):
        a = np.arange(5.0)
        before = [sys.getrefcount(o) for o in (a, None, a.dtype)]
        for _ in range(1000):
            tail(a), scale(a), swap((a, a)), scale(a, k=3.0), maybe(-1), make(3, np.float64)
        for object_, count in zip((a, None, a.dtype), before):
            self.assertLess(abs(sys.getrefcount(object_) - count), 50)

    def test_many_axes(self):
        a = np.arange(64.0).reshape((2,) * 6)
        self.assertEqual(tail(a).shape, (1, 2, 2, 2, 2, 2))
        self.assertIs(tail(a).base, a.base if a.base is not None else a)


class Others(unittest.TestCase):
    def test_none_and_optional(self):
        self.assertEqual((or_zero(None), or_zero(4)), (0, 5))
        self.assertEqual((maybe(3), maybe(-1)), (3, None))

    def test_dtypes(self):
        for dtype in (np.float32, np.dtype("int16"), float, int, bool, complex):
            self.assertEqual(make(2, dtype).dtype, np.dtype(dtype))

    def test_functions(self):
        self.assertEqual(apply(twice, 4), 8)
        self.assertEqual(apply(same, 4), 4)
        with self.assertRaisesRegex(TypeError, "argument 'f'.*decorated with njit"):
            apply(lambda x: x, 1)

    def test_pickles_by_name(self):
        self.assertIs(pickle.loads(pickle.dumps(twice)), twice)

    def test_text(self):
        @kjit.njit
        def pick(name, a):
            if name == "first":
                return a[0]
            return a[-1]

        a = np.arange(3)
        self.assertEqual((pick("first", a), pick("last", a), pick("".join(["fi", "rst"]), a)), (0, 2, 0))

    def test_defaults_and_keywords(self):
        self.assertEqual(scale(3), 7)
        self.assertEqual(scale(3, 4), 13)
        self.assertEqual(scale(3, offset=0), 6)
        self.assertEqual(scale(offset=0, k=1, a=3), 3)
        self.assertEqual(scale(3, k=4, offset=2), 14)

    def test_keyword_only_and_rest(self):
        self.assertEqual(only(1, b=2), 123)
        self.assertEqual(only(1, c=5, b=2), 125)
        self.assertEqual((count(), count(1), count(1, 2.0, (3,))), (0, 1, 3))

    def test_values_that_have_to_be_constants(self):
        a = np.arange(24.0).reshape(2, 3, 4)
        for axis in (0, 1, -1, 2, 0, 1):
            for keep in (False, True):
                np.testing.assert_array_equal(along(a, axis, keep), a.sum(axis, keepdims=keep))
        np.testing.assert_array_equal(along(a, axis=(0, 2)), a.sum((0, 2)))

    def test_wrong_calls_say_what_python_says(self):
        for call, why in ((lambda: scale(), "missing.*'a'"), (lambda: scale(1, 2, 3, 4), "takes 3 positional arguments but 4"),
                          (lambda: scale(1, z=1), "unexpected keyword argument 'z'"), (lambda: scale(1, a=1), "multiple values.*'a'"),
                          (lambda: only(1), "missing.*'b'")):
            with self.subTest(why=why), self.assertRaisesRegex(TypeError, why):
                call()

    def test_a_kernel_may_take_a_hundred_arguments(self):
        names = [f"a{i}" for i in range(100)]
        module = kjit.compile(f"from numba import njit\n@njit\ndef many({', '.join(names)}):\n    return {' + '.join(names)}\n")
        self.assertEqual(module.many(*range(100)), 4950)
        self.assertEqual(module.many(*range(100)), 4950)


class Files(unittest.TestCase):
    def test_load_and_compile(self):
        text = "import numpy as np\nfrom numba import njit\nN = 4\n@njit\ndef f(a, k=N):\n    return a.sum() * k\n"
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "kernels.py"
            path.write_text(text)
            module = kjit.load(path)
        self.assertEqual(module.f(np.ones(3)), 12.0)
        self.assertEqual(module.N, 4)
        self.assertIs(module.f, module.f)
        self.assertEqual(module.f.parameters, ("a", "k"))
        self.assertIsNone(module.f.py_func)
        self.assertEqual(kjit.compile(text).f(np.ones(3), k=1), 3.0)
        with self.assertRaises(AttributeError):
            module.g
        with self.assertRaises(OSError):
            kjit.load(os.path.join("no", "such", "file.py"))


if __name__ == "__main__":
    unittest.main()
