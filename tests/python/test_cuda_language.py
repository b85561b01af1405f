"""The kernel files of tests/lang/cuda are programs of Python too: with kjit in place of numba they print what stands beside their lines."""

import contextlib
import io
import os
import pathlib
import re
import runpy
import sys
import unittest

import kjit
from kjit import cuda

FILES = pathlib.Path(__file__).parent.parent / "lang" / "cuda"
ALIASES = {"numba": kjit, "numba.cuda": cuda, "numba.cuda.random": cuda.random, "numba.types": kjit.types}
# The tests' own driver runs the threads of a launch one after the other: not what kernels do together.
PATTERN = r"parallel_|vectorize" if "KJIT_FAKE_CUDA_RUN" in os.environ and not cuda.is_simulated() else ""
AT_ONCE = ("fail_options.py", "fail_unknown_option.py")  # a TypeError of the decorator
LACKING = ("grid_reduce.py", "grid_ufuncs.py", "fail_reduce_options.py")  # cuda.reduce, and ufunc.reduce by kernels


def expected(path, mark):
    return re.findall(rf"# {mark} ?(.*?) *$", path.read_text(), re.MULTILINE)


def run(path):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        runpy.run_path(str(path), run_name="__main__")
    return [line.rstrip() for line in out.getvalue().splitlines()]


class Files(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.before = {name: sys.modules.get(name) for name in ALIASES}
        sys.modules.update(ALIASES)

    @classmethod
    def tearDownClass(cls):
        for name, module in cls.before.items():
            sys.modules.pop(name) if module is None else sys.modules.__setitem__(name, module)

    def test_results(self):
        files = [p for p in sorted(FILES.glob("*.py")) if not p.name.startswith("fail_") and re.match(PATTERN, p.name)
                 and p.name not in LACKING]
        self.assertGreaterEqual(len(files), 4)
        for path in files:
            with self.subTest(path.name):
                self.assertEqual(run(path), expected(path, "->"))

    @unittest.skipUnless(cuda.is_simulated(), "of the simulator")
    def test_errors(self):
        files = [p for p in sorted(FILES.glob("fail_*.py")) if "only: device" not in p.read_text() and p.name not in (*AT_ONCE, *LACKING)]
        self.assertGreaterEqual(len(files), 8)
        for path in files:
            with self.subTest(path.name):
                (wanted,) = expected(path, "error:")[:1]
                with self.assertRaises(Exception) as caught:
                    run(path)
                shown = f"{type(caught.exception).__name__}: {caught.exception}"
                self.assertIn(re.sub(r" \[[a-z-]+\]$", "", wanted), shown)


if __name__ == "__main__":
    unittest.main()
