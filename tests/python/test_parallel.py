"""Threads of parallel regions: Numba's functions, the environment, prints from several threads, fork."""

import os
import subprocess
import sys
import threading
import unittest
import warnings

import numpy as np

import kjit


@kjit.njit(parallel=True)
def total(x):
    s = 0.0
    for i in kjit.prange(x.size):
        s += np.sin(x[i])
    return s


@kjit.njit(parallel=True)
def speak(x):
    for i in kjit.prange(x.size):
        s = 0.0
        for k in range(2000):
            s += np.sin(x[i] + k)
        x[i] = s
        if i % 50 == 0:
            print("at", i)


def output(code, **environment):
    done = subprocess.run([sys.executable, "-W", "always", "-c", "import kjit\n" + code], capture_output=True, text=True, timeout=120,
                          env={**os.environ, **environment})
    return done.returncode, done.stdout, done.stderr


@kjit.njit(parallel=True)
def sized_sum(n, size):
    s = 0
    with kjit.parallel_chunksize(size):
        for i in kjit.prange(n):
            s += i
        inside = kjit.get_parallel_chunksize()
    return s, inside, kjit.get_parallel_chunksize()


class Parallel(unittest.TestCase):
    def test_masks_are_the_threads_own(self):
        most = kjit.threads()["launched"]
        kjit.set_num_threads(1)
        self.assertEqual(kjit.get_num_threads(), 1)
        found = []
        thread = threading.Thread(target=lambda: found.append(kjit.get_num_threads()))
        thread.start()
        thread.join()
        self.assertEqual(found, [most])
        kjit.set_num_threads(most)
        self.assertEqual(kjit.get_num_threads(), most)
        for wrong in 0, -1, most + 1, 2**80, -(2**80):
            with self.assertRaisesRegex(ValueError, f"between 1 and {most}"):
                kjit.set_num_threads(wrong)
        for wrong in 1.5, "2", None, True:
            with self.assertRaises(TypeError):
                kjit.set_num_threads(wrong)
        self.assertEqual(kjit.get_thread_id(), 0)

    def test_chunk_sizes_hold_for_a_block(self):
        self.assertEqual(kjit.set_parallel_chunksize(8), 0)
        with kjit.parallel_chunksize(100):
            self.assertEqual(kjit.get_parallel_chunksize(), 100)
        self.assertEqual(kjit.set_parallel_chunksize(0), 8)
        self.assertEqual(sized_sum(100000, 64), (4999950000, 64, 0))
        with self.assertRaises(ValueError):
            kjit.set_parallel_chunksize(-1)

    def test_results_are_the_same_for_any_number_of_threads(self):
        folder = os.path.dirname(__file__)
        found = set()
        for threads in "1", "2", "3", "7", "16":
            status, text, errors = output("import sys, numpy as np\nsys.path.insert(0, " + repr(folder) + ")\nimport test_parallel as t\n"
                                          "print(kjit.get_num_threads(), t.total(np.linspace(0, 9, 100000)).hex())",
                                          KJIT_NUM_THREADS=threads)
            self.assertEqual(status, 0, errors)
            count, value = text.split()
            self.assertEqual(count, threads)
            found.add(value)
        self.assertEqual(len(found), 1)

    def test_the_environment_counts_at_import(self):
        show = "print(kjit.get_num_threads())"
        self.assertEqual(output(show, KJIT_NUM_THREADS="5", NUMBA_NUM_THREADS="3")[1], "5\n")
        self.assertEqual(output(show, KJIT_NUM_THREADS="", NUMBA_NUM_THREADS="3")[1], "3\n")
        status, _, errors = output(show, KJIT_NUM_THREADS="many")
        self.assertEqual(status, 0)
        self.assertIn("KJIT_NUM_THREADS is 'many'", errors)

    def test_prints_of_regions_arrive_whole(self):
        code = ("import sys, numpy as np\nsys.path.insert(0, " + repr(os.path.dirname(__file__)) + ")\nimport test_parallel as t\n"
                "t.speak(np.zeros(1000))")
        status, text, errors = output(code, KJIT_NUM_THREADS="4")
        self.assertEqual(status, 0, errors)
        self.assertEqual(sorted(text.splitlines()), sorted(f"at {i}" for i in range(0, 1000, 50)))

    def test_a_child_of_fork_runs_regions_and_says_so(self):
        x = np.linspace(0, 9, 100000)
        expected = total(x)
        self.assertTrue(kjit.threads()["parallel"])
        child = os.fork()
        if child == 0:
            right = total(x) == expected and "child of a fork" in kjit.threads()["scheduler"]
            os._exit(0 if right else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)

class Races(unittest.TestCase):
    """Loops whose iterations share elements: Python's filters of warnings say what becomes of the finding."""

    places = np.arange(1000.0)

    def expected(self):
        value = 0.0
        for p in self.places:
            value = value * 0.5 + p
        return value

    def test_a_warning_has_file_line_and_hint(self):
        @kjit.njit(parallel=True)
        def placed(places, out):
            for i in kjit.prange(places.size):
                out[0] = out[0] * 0.5 + places[i]
            return out[0]

        with self.assertWarns(kjit.CompilationWarning) as caught:
            self.assertEqual(placed(self.places, np.zeros(1)), self.expected())
        self.assertEqual(os.path.realpath(caught.filename), os.path.realpath(__file__))
        with open(__file__) as file:
            line = file.read().splitlines()[caught.lineno - 1]
        self.assertRegex(line, r"prange|out\[0\]")
        self.assertIn(";", str(caught.warning))

    def test_it_is_told_once_for_its_place(self):
        @kjit.njit(parallel=True)
        def once(places, out):
            for i in kjit.prange(places.size):
                out[0] = out[0] * 0.5 + places[i]
            return out[0]

        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            once(self.places, np.zeros(1))
            once(self.places[::2], np.zeros(1))
        self.assertEqual([w.category for w in found], [kjit.CompilationWarning])

    def test_filters_make_it_an_error_or_silent(self):
        @kjit.njit(parallel=True)
        def refused(places, out):
            for i in kjit.prange(places.size):
                out[0] = out[0] * 0.5 + places[i]
            return out[0]

        @kjit.njit(parallel=True)
        def silent(places, out):
            for i in kjit.prange(places.size):
                out[0] = out[0] * 0.5 + places[i]
            return out[0]

        with warnings.catch_warnings():
            warnings.simplefilter("error", kjit.CompilationWarning)
            for _ in range(2):
                with self.assertRaises(kjit.CompilationWarning):
                    refused(self.places, np.zeros(1))
        with warnings.catch_warnings(record=True) as found:
            warnings.simplefilter("always")
            warnings.simplefilter("ignore", kjit.CompilationWarning)
            self.assertEqual(silent(self.places, np.zeros(1)), self.expected())
        self.assertEqual(found, [])



if __name__ == "__main__":
    unittest.main()
