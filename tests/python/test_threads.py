"""Other threads run during a call; many may call one kernel; the keyboard stops the one of the main thread."""

import os
import signal
import subprocess
import sys
import threading
import time
import unittest

import numpy as np

import kjit


@kjit.njit
def spin(n):
    s = 0.0
    for i in range(n):
        s += np.sin(s + i)
    return s


@kjit.njit
def work(a, k):
    if k % 7 == 3:
        raise ValueError("seven")
    return (a * k).sum(), a[k:]


@kjit.njit
def forever(n):
    i = 0
    while i >= 0:
        i += n
        if i > 1000:
            i = 0
    return i


class Threads(unittest.TestCase):
    def test_other_threads_run_during_a_call(self):
        spin(10)
        done, ticks = threading.Event(), 0
        thread = threading.Thread(target=lambda: (spin(10_000_000), done.set()))
        thread.start()
        while not done.is_set() and ticks < 5:
            time.sleep(0.001)  # needs the GIL to come back
            ticks += not done.is_set()
        thread.join()
        self.assertGreaterEqual(ticks, 5)

    def test_many_threads_call_one_kernel(self):
        a = np.arange(1000.0)
        wrong = []

        def run(seed):
            for i in range(300):
                k = (seed + i) % 11
                argument = a if i % 2 else a.astype(np.float32)  # two specialisations, compiled by whoever comes first
                try:
                    total, view = work(argument, k)
                    if abs(total - a.sum() * k) > 1e-3 * total or len(view) != 1000 - k or view.base is not argument:
                        wrong.append((k, total))
                except ValueError:
                    if k % 7 != 3:
                        wrong.append(k)

        threads = [threading.Thread(target=run, args=(s,)) for s in range(16)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(wrong, [])
        self.assertEqual(len(work.signatures) >= 2, True)

    def test_first_calls_at_once(self):
        @kjit.njit
        def fresh(a, b):
            return a * b + 1

        results, barrier = [], threading.Barrier(8)

        def run():
            barrier.wait()
            results.append(fresh(3, 4))

        threads = [threading.Thread(target=run) for _ in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(results, [13] * 8)


class Interrupts(unittest.TestCase):
    def test_the_keyboard_stops_a_kernel(self):
        program = ("import os, signal, sys, threading, time\nsys.path.insert(0, sys.argv[1])\nimport test_threads as t\n"
                   "threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
                   "try:\n    t.forever(1)\nexcept KeyboardInterrupt:\n    print('stopped', t.spin(3) is not None)\n")
        done = subprocess.run([sys.executable, "-c", program, os.path.dirname(os.path.abspath(__file__))], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.stdout.strip(), "stopped True", done.stderr)

    def test_outside_of_kernels_the_keyboard_is_pythons(self):
        with self.assertRaises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)
        self.assertTrue(np.isfinite(spin(10)))


if __name__ == "__main__":
    unittest.main()
