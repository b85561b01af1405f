"""Functions of Python as texts of kernels: the names that they use, wherever these come from."""

import importlib.util
import math as m
import os
import pathlib
import subprocess
import sys
import textwrap
import unittest
from math import sqrt as root
from numpy import exp as exponential

import numpy
import numpy as np

import kjit
import kjit as nb
from kjit import njit, prange

PROGRAMS = pathlib.Path(__file__).parent / "programs"
sys.path.insert(0, str(PROGRAMS))
import settings  # noqa: E402
import settings as configuration  # noqa: E402
from settings import Limits, Mode, triple  # noqa: E402

N = 4
PAIR = (2, 0.5)
TABLE = np.arange(6.0).reshape(2, 3)
FUNCTION = np.float32
minimum_of = min


@njit
def aliases(x):
    return root(x) + m.floor(x) + exponential(x * 0) + np.abs(-x) + numpy.float64(x) + N * PAIR[0] + PAIR[1] + minimum_of(x, 2.0)


@njit
def table(i, j):
    return TABLE[i, j] + TABLE.shape[1]


@njit
def users(x):
    return x * settings.SCALE + configuration.SCALE + Limits.HIGH + Mode.SLOW + settings.Limits.LOW + triple(x)


def plain(x):
    return x + N


@njit
def calls_plain(x):
    return plain(x) * later(x)


@njit
def later(x):
    return x - 1


@njit
def even(n):
    return True if n == 0 else odd(n - 1)


@njit
def odd(n):
    return False if n == 0 else even(n - 1)


@nb.njit(
    fastmath=True,  # several lines
    cache=True,
)
# a comment between
def many_lines(
    a,
    b=N,
):
    """With a docstring."""
    text = """and a
text that starts at the left"""
    return a + b + len(text)


@njit
def parallel_sum(a):
    s = 0.0
    for i in prange(a.size):
        s += a[i]
    for i in nb.prange(2):
        s += i
    return s


@njit
def converts(x):
    return nb.int64(x) + kjit.float32(0.5)


@njit
def fails(a):
    return a[0] // 0


square = njit(lambda x: x * x)


class Names(unittest.TestCase):
    def test_modules_functions_and_constants_under_any_alias(self):
        x = 2.25
        self.assertEqual(aliases(x), 1.5 + 2 + 1 + x + x + 8 + 0.5 + 2.0)
        self.assertEqual(table(1, 2), 8.0)
        self.assertEqual(converts(2.75), 2.5)

    def test_what_numba_defines_elsewhere_is_numbas(self):
        try:
            from numba import prange as numbas, pndindex as indices
        except ImportError:
            self.skipTest("Numba is not installed")

        @njit(parallel=True)
        def total(a):
            s = 0.0
            for i in numbas(a.shape[0]):
                s += a[i, 0]
            for i, j in indices(a.shape):
                s += a[i, j]
            return s

        a = np.arange(6.0).reshape(2, 3)
        self.assertEqual(total(a), a[:, 0].sum() + a.sum())

    def test_a_users_modules_classes_and_enumerations(self):
        self.assertEqual(users(2.0), 5.0 + 2.5 + 7 + 4 + 1 + 6.5)

    def test_globals_are_frozen_at_the_first_call(self):
        global N
        self.assertEqual(calls_plain(3.0), 14.0)
        before, N = N, 100
        try:
            self.assertEqual(calls_plain(3.0), 14.0)
        finally:
            N = before

    def test_functions_of_the_file_in_any_order(self):
        self.assertEqual((even(10), odd(10), odd(7)), (True, False, True))

    def test_closures_have_their_own_values(self):
        def make(k, f):
            @njit
            def scale(x):
                return f(x) * k + inner(x)

            def inner(x):
                return x

            return scale

        self.assertEqual([make(k, later)(3.0) for k in (1, 2, 3)], [5.0, 7.0, 9.0])
        self.assertEqual(make(1, make(2, later))(3.0), 10.0)

    def test_a_closure_that_calls_itself(self):
        def make():
            @njit
            def fib(n):
                return n if n < 2 else fib(n - 1) + fib(n - 2)

            return fib

        self.assertEqual(make()(12), 144)

    def test_lambdas(self):
        self.assertEqual(square(3), 9)
        k = 5
        self.assertEqual(njit(lambda a, b: a * k + b)(2, 1), 11)

    def test_lines_and_docstrings(self):
        self.assertEqual(many_lines(1), 1 + N + len("and a\ntext that starts at the left"))
        self.assertEqual((many_lines.__name__, many_lines.__doc__), ("many_lines", "With a docstring."))
        self.assertIs(many_lines.py_func(1).__class__, int)
        self.assertEqual(parallel_sum(np.ones(5)), 6.0)
        try:
            fails(np.ones(1, int))
        except ZeroDivisionError as error:
            frame = error.__traceback__.tb_next
            while frame.tb_next:
                frame = frame.tb_next
            self.assertEqual(frame.tb_lineno, fails.py_func.__code__.co_firstlineno + 2)

    def test_functions_passed_on(self):
        @njit
        def apply(f, x):
            return f(x)

        self.assertEqual(apply(square, 4), 16)
        self.assertEqual(apply(later, 4), 3)

    def test_inspection(self):
        later(1.5)
        self.assertEqual(later.signatures[-1], ("float (Python)",))
        self.assertIn("define", later.inspect_llvm(later.signatures[-1]))
        self.assertIn("ret", later.inspect_asm()[later.signatures[-1]])
        with self.assertRaises(KeyError):
            later.inspect_llvm(("nothing",))


class Vectorize(unittest.TestCase):
    def test_like_a_ufunc(self):
        @nb.vectorize
        def relative(a, b):
            return (a - b) / (a + b) if a + b != 0 else 0.0

        a, b = np.arange(6.0).reshape(2, 3), np.arange(3.0)
        with np.errstate(all="ignore"):
            want = np.where(a + b != 0, (a - b) / (a + b), 0.0)
        np.testing.assert_array_equal(relative(a, b), want)
        np.testing.assert_array_equal(relative(a.T, b.reshape(3, 1)), want.T)
        self.assertEqual(relative(3.0, 1.0), 0.5)
        out = np.empty((2, 3))
        self.assertIs(relative(a, b, out=out), out)
        np.testing.assert_array_equal(out, want)
        half = nb.vectorize(lambda x, k: x * k)
        self.assertEqual(half(a.astype(np.float32), 0.5).dtype, np.float32)
        self.assertEqual(half(a.astype(np.float32), b).dtype, np.float64)
        self.assertEqual(half(np.arange(3), np.arange(3)).dtype, np.int64)
        with self.assertRaises(ValueError):
            relative(np.ones(3), np.ones(4))

    def test_signatures_choose_the_type(self):
        @nb.vectorize(["i4(i4, i4)", nb.float64(nb.float64, nb.float64)])
        def add(a, b):
            return a + b

        self.assertEqual(add(np.ones(2, np.int32), np.int16(1)).dtype, np.int32)
        self.assertEqual(add(np.ones(2, np.int64), 1.5).dtype, np.float64)
        with self.assertRaisesRegex(TypeError, "ufunc 'add' did not contain a loop with signature matching types"):
            add(np.ones(2, complex), 1)

    def test_what_is_absent_says_so(self):
        for absent in (lambda: nb.guvectorize("x"), lambda: nb.stencil(abs)):
            with self.assertRaisesRegex(NotImplementedError, "not supported"):
                absent()


class Programs(unittest.TestCase):
    @unittest.skipUnless(importlib.util.find_spec("numba") or "KJIT_TESTS_COMPLETE" in os.environ, "Numba is the peer")
    def test_signatures_may_be_numbas_objects(self):
        import numba

        f8, i4, i8 = numba.float64, numba.int32, numba.int64

        def plus(a, b):
            return a + b

        def first(a):
            return a[0]

        def corner(a):
            return a[0, 0]

        def pair(a):
            return a, 1.5

        def clear(a):
            a[:] = 0

        for signature in f8(f8, f8), [f8(f8, f8)], (f8, f8), [(f8, f8)], [i8(i8, i8), f8(f8, f8)]:
            self.assertEqual(kjit.njit(signature)(plus)(1.5, 2), 3.5)
        self.assertEqual(kjit.vectorize([i4(i4, i4), f8(f8, f8)])(plus)(np.arange(3, dtype=np.int32), np.int32(2)).dtype, np.int32)
        self.assertEqual(kjit.vectorize(f8(f8, f8))(plus).types, ["dd->d"])
        self.assertEqual(kjit.njit(f8(f8[:]))(first)(np.ones(3)), 1.0)
        self.assertEqual(kjit.njit(f8(f8[:, ::1]))(corner)(np.ones((2, 2))), 1.0)
        self.assertEqual(kjit.njit(f8(f8[::1, :]))(corner)(np.ones((2, 2), order="F")), 1.0)
        self.assertEqual(kjit.njit(f8(numba.types.UniTuple(f8, 2)))(first)((1.5, 2.0)), 1.5)
        self.assertEqual(kjit.njit(numba.types.Tuple((i8, f8))(i8))(pair)(3), (3, 1.5))
        a = np.ones(3)
        self.assertIsNone(kjit.njit(numba.void(f8[:]))(clear)(a))
        self.assertEqual(a.sum(), 0)
        with self.assertRaises(kjit.SignatureError):
            kjit.njit(f8(f8[:, ::1]))(corner)(np.ones((2, 2), order="F"))

    @unittest.skipUnless(importlib.util.find_spec("numba") or "KJIT_TESTS_COMPLETE" in os.environ, "Numba is the peer")
    def test_a_program_for_numba_runs_unmodified(self):
        path = PROGRAMS / "numba_program.py"
        text = path.read_text()
        alias = textwrap.dedent(f"""\
            import sys, kjit, runpy
            sys.modules["numba"] = kjit
            runpy.run_path({str(path)!r}, run_name="__main__")
            """)
        self.assertIn("import numba as nb", text)
        outputs = []
        for program in (["-c", alias], [str(path)]):
            done = subprocess.run([sys.executable, *program], capture_output=True, text=True, timeout=300, env=os.environ)
            self.assertEqual(done.returncode, 0, done.stderr)
            outputs.append(done.stdout.splitlines())
        self.assertEqual(outputs[0], outputs[1])


if __name__ == "__main__":
    unittest.main()
