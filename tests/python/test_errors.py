"""Errors of kernels are Python's, with the kernel's line in the traceback; errors of compilation show the line."""

import io
import contextlib
import sys
import traceback
import unittest
import warnings

import numpy as np

import kjit

LIMIT = 3


@kjit.njit
def checked(a, i):
    if i > LIMIT:
        raise ValueError("too large")  # line of the check
    return a[i]


@kjit.njit
def outer(a, i):
    return checked(a, i)


@kjit.njit
def divide(a, b):
    return a // b


@kjit.njit(boundscheck=True)
def element(a, i):
    return a[i]


@kjit.njit
def shapes(a, b):
    return a + b


@kjit.njit
def huge(n):
    return np.zeros(n)


@kjit.njit
def deep(n):
    if n < 0:
        return 0
    return deep(n + 1) + 1


@kjit.njit
def asserts(x):
    assert x > 0, "not positive"
    return x


@kjit.njit
def raises(i):
    if i == 0:
        raise KeyError("k")
    if i == 1:
        raise RuntimeError("r")
    if i == 2:
        raise NotImplementedError("n")
    if i == 3:
        raise OverflowError("o")
    if i == 4:
        raise StopIteration
    raise Exception("e")


@kjit.njit
def raises_arguments(k, n):
    if k == 0:
        raise ValueError("x", n)
    if k == 1:
        raise ValueError(n)
    if k == 2:
        raise ValueError("(1, 2)")
    if k == 3:
        raise ValueError(f"n is {n}")
    if k == 4: raise RuntimeError((n, 2.5))  # noqa: E701
    if k == 5:
        raise KeyError("k")
    if k == 6:
        raise StopIteration
    raise ValueError("3")


@kjit.njit
def unknown(x):
    return x + not_there  # noqa: F821


@kjit.njit
def attribute(x):
    return x.foo


@kjit.njit
def shown(a, b):
    print("a is", a, b)
    return a


class Exceptions(unittest.TestCase):
    def error(self, kind, call):
        try:
            call()
        except Exception as caught:
            self.assertIs(type(caught), kind, caught)
            self.traceback = traceback.extract_tb(caught.__traceback__)
            return str(caught)
        self.fail(f"no {kind.__name__}")

    def test_the_traceback_ends_in_the_kernels_line(self):
        text = self.error(ValueError, lambda: checked(np.ones(9), 5))
        self.assertEqual(text, "too large")
        last = self.traceback[-1]
        self.assertEqual((last.filename, last.name), (__file__, "checked"))
        self.assertIn("# line of the check", last.line)
        self.error(ValueError, lambda: outer(np.ones(9), 5))
        self.assertEqual(self.traceback[-1].name, "checked")

    def test_kinds(self):
        self.assertIn("zero", self.error(ZeroDivisionError, lambda: divide(1, 0)))
        self.assertIn("index 7", self.error(IndexError, lambda: element(np.ones(3), 7)))
        self.error(AssertionError, lambda: asserts(-1))
        self.error(RecursionError, lambda: deep(0))
        for i, kind in enumerate((KeyError, RuntimeError, NotImplementedError, OverflowError, StopIteration, Exception)):
            self.error(kind, lambda: raises(i))

    def test_arguments(self):
        for k in range(8):
            with self.assertRaises(Exception) as compiled:
                raises_arguments(k, 7)
            with self.assertRaises(Exception) as plain:
                raises_arguments.py_func(k, 7)
            self.assertEqual(type(compiled.exception), type(plain.exception))
            self.assertEqual(compiled.exception.args, plain.exception.args)

    def test_shapes_are_named_as_numpy_names_them(self):
        text = self.error(ValueError, lambda: shapes(np.ones(3), np.ones(4)))
        with self.assertRaises(ValueError) as numpy:
            np.ones(3) + np.ones(4)
        self.assertEqual(text.strip(), str(numpy.exception).strip())
        self.assertEqual(self.traceback[-1].line, "return a + b")

    def test_sizes_that_cannot_be_had(self):
        self.error(MemoryError, lambda: huge(2**50))

    def test_errors_leak_nothing(self):
        a = np.ones(9)
        before = sys.getrefcount(a)
        for _ in range(100):
            with self.assertRaises(ValueError):
                outer(a, 5)
        self.assertEqual(sys.getrefcount(a), before)

    def test_the_next_call_is_as_if_nothing_had_happened(self):
        with self.assertRaises(ZeroDivisionError):
            divide(1, 0)
        self.assertEqual(divide(7, 2), 3)


class Compilation(unittest.TestCase):
    def error(self, call):
        with self.assertRaises(kjit.CompilationError) as caught:
            call()
        return str(caught.exception)

    def test_a_message_has_place_line_and_caret(self):
        text = self.error(lambda: unknown(1))
        first = unknown.py_func.__code__.co_firstlineno
        self.assertIn(f"test_errors.py:{first + 2}:16: error:", text)
        self.assertIn("return x + not_there", text)
        self.assertRegex(text, r"\n +\| +\^~*")
        self.assertIn("foo", self.error(lambda: attribute(1)))
        self.error(lambda: unknown(1))  # again, and not only the first time

    def test_globals_that_kernels_cannot_use(self):
        text = self.error(lambda: uses_object(1))
        self.assertIn("OBJECT", text)

    def test_functions_without_source(self):
        names = {}
        exec("def made(x):\n    return x\n", names)
        self.assertIn("kjit.compile", self.error(lambda: kjit.njit(names["made"])(1)))

    def test_options(self):
        with self.assertRaisesRegex(TypeError, "unexpected option 'fastmaths'"):
            kjit.njit(fastmaths=True)
        with self.assertRaisesRegex(NotImplementedError, "object mode"):
            kjit.jit(forceobj=True)
        with self.assertRaisesRegex(NotImplementedError, "'hsa'"):
            kjit.jit(target="hsa")
        with self.assertRaises(TypeError):
            kjit.njit(len)

    def test_text_that_is_no_kernel_file(self):
        self.assertIn("<string>:1:", self.error(lambda: kjit.compile("def f(:\n")))


OBJECT = object()


@kjit.njit
def uses_object(x):
    return x + OBJECT


class Printing(unittest.TestCase):
    def test_prints_go_to_sys_stdout(self):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            shown(1, 2.5)
            shown(np.arange(3), True)
        self.assertEqual(out.getvalue(), "a is 1 2.5\na is [0 1 2] True\n")

    def test_what_write_raises_comes_out_of_the_call(self):
        class Closed(io.StringIO):
            def write(self, text):
                raise OSError("closed")

        with contextlib.redirect_stdout(Closed()), self.assertRaisesRegex(OSError, "closed"):
            shown(1, 2)

    def test_a_stdout_that_calls_a_kernel(self):
        class Calls(io.StringIO):
            def write(self, text):
                return super().write(str(divide(len(text), 2)))

        out = Calls()
        with contextlib.redirect_stdout(out):
            self.assertEqual(shown(4, 2), 4)
        self.assertTrue(out.getvalue())


@kjit.njit(parallel=True)
def carried(a):
    for i in kjit.prange(1, a.size):
        a[i] = a[i - 1] + 1  # line of the race
    return a[-1]


class Warnings(unittest.TestCase):
    def test_a_race_is_a_warning_at_its_line_once(self):
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            self.assertEqual(carried(np.zeros(5)), 4.0)
            self.assertEqual(carried(np.zeros(5, np.int64)), 4)
        self.assertEqual([w.category for w in found], [kjit.CompilationWarning])
        with open(__file__) as file:
            self.assertIn("# line of the race", file.readlines()[found[0].lineno - 1])
        self.assertIn("reads elements of 'a' that others store to", str(found[0].message))


if __name__ == "__main__":
    unittest.main()
