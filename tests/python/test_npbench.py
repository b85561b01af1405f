"""NPBench's harness on a checkout of one kernel made for it: what it calls right, wrong and rejected, and what it writes."""

import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HARNESS = pathlib.Path(__file__).resolve().parents[1] / "perf/npbench/run.py"
INITIALIZE = "import numpy as np\n\ndef initialize(N):\n    return np.arange(N * 1.0), np.zeros(N)\n"
TWIN = "import numpy as np\n\ndef helper(a):\n    return a * 2\n\ndef kernel(k, a, out):\n    out[:] = helper(a) + k\n    return np.sum(a)\n"
NUMBA = "import numba as nb\nimport numpy as np\n\n@nb.jit(nopython=True, parallel=False, fastmath=True)\ndef kernel(k, a, out):\n    out[:] = {}\n    return np.sum(a)\n"


def info(name, **more):
    return {"benchmark": {"name": name, "short_name": name, "relative_path": name, "module_name": name, "func_name": "kernel",
                          "parameters": {"S": {"N": 10, "k": 3}, "M": {"N": 20, "k": 3}},
                          "init": {"func_name": "initialize", "input_args": ["N"], "output_args": ["a", "out"]},
                          "input_args": ["k", "a", "out"], "array_args": ["a", "out"], "output_args": ["out"], **more}}


def make_checkout(folder, bodies):
    """`bodies`: name of a kernel to (the expression of its Numba file, further entries of its info)."""
    (folder / "bench_info").mkdir()
    for name, (body, more) in bodies.items():
        place = folder / "npbench/benchmarks" / name
        place.mkdir(parents=True)
        (folder / "bench_info" / f"{name}.json").write_text(json.dumps(info(name, **more)))
        for suffix, text in (("", INITIALIZE), ("_numpy", TWIN), ("_numba_n", NUMBA.format(body))):
            (place / f"{name}{suffix}.py").write_text(text)


class Harness(unittest.TestCase):
    @unittest.skipUnless("KJIT_TREE" in os.environ, "KJIT_TREE names a built tree")
    @unittest.skipUnless(importlib.util.find_spec("matplotlib") or "KJIT_TESTS_COMPLETE" in os.environ, "matplotlib draws the chart")
    def test_outcomes_and_files(self):
        tree = pathlib.Path(os.environ["KJIT_TREE"])
        with tempfile.TemporaryDirectory() as temporary:
            folder = pathlib.Path(temporary)
            make_checkout(folder, {"good": ("a * 2 + k", {}), "near": ("a * 2.002 + k", {"rtol": 1e-2}), "wrong": ("a * 2.002 + k", {}),
                                   "bad": ("np.not_there(a)", {})})
            outputs = [folder / name for name in ("out.json", "out.md", "out.svg")]
            options = ["--kjit", tree / "bin/kjit", "--size", "S,M", "--variant", "n,numpy", "--repeat", "2"]
            for name, path in zip(("--json", "--table", "--chart"), outputs):
                options += [name, path]
            done = subprocess.run([sys.executable, HARNESS, folder, *options], capture_output=True, text=True, timeout=250)
            self.assertEqual(done.returncode, 1, done.stderr)  # one is wrong
            measured = json.loads(outputs[0].read_text())
            states = {(r["variant"], r["size"]): {n: k["kjit"]["status"] for n, k in r["kernels"].items()} for r in measured["runs"]}
            of_files = {"good": "right", "near": "right", "wrong": "wrong", "bad": "rejected"}
            self.assertEqual(states, {("n", "S"): of_files, ("n", "M"): of_files, ("numpy", "S"): dict.fromkeys(of_files, "right"),
                                      ("numpy", "M"): dict.fromkeys(of_files, "right")}, done.stdout + done.stderr)
            table = outputs[1].read_text()
            self.assertIn("| good |", table)
            self.assertRegex(table, r"- bad: rejected: bad_numba_n\.py:6:.*not_there")
            self.assertIn("<svg", outputs[2].read_text())
            python = subprocess.run([sys.executable, HARNESS, folder, "--kjit", tree / "bin/kjit", "--through-python", "--repeat", "1", "good", "bad"],
                                    capture_output=True, text=True, timeout=100)
            self.assertIn("2 kernels: 1 rejected, 1 right", python.stdout, python.stderr)
            again = subprocess.run([sys.executable, HARNESS, "--from", outputs[0], "--table", folder / "again.md"], capture_output=True, text=True)
            self.assertEqual((again.returncode, (folder / "again.md").read_text()), (1, table))


if __name__ == "__main__":
    unittest.main()
