#!/usr/bin/env python3
"""Random well-typed kernels under kjit at -O0 and -O3 and under CPython with NumPy: results, dtypes, shapes, exceptions, and what
became of the arguments agree.

    random_programs.py --host build/release/bin/differential_host [--count N | --minutes M] [--seed N] [--keep FOLDER]

Programs come from programs/ (Hypothesis draws and shrinks them). What differs is printed as a small program; with --keep it is
also left there as a file. Programs that lang-spec/differences.md speaks of are not made: programs/scope.py says how.
Sums and transcendental functions of floats may differ in last bits, everything else not. A part of a result that is
beyond its tolerance, and leaves it too when the arguments move by some last bits, is counted as ill-conditioned, not as a difference;
a program that CPython does not end within seconds is counted as endless.
Exit status: 0 all agree, 1 a difference, 77 NumPy or Hypothesis is not installed.
"""
import argparse
import collections
import os
import pathlib
import re
import sys
import time

from host import Endless, Error, Host, compare, duplicate, leaf_problem, oracle, parts

import numpy as np

try:
    import hypothesis
except ImportError:
    print("skipped: Hypothesis is not installed here (tools/setup --tests)")
    sys.exit(1 if os.environ.get("KJIT_TESTS_COMPLETE") else 77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "programs"))
from program import programs  # noqa: E402

ROUND = 10  # programs of one run of Hypothesis, which makes variants of what it had before after so many
REPEATS = 2  # findings of one sort that are shrunk and shown


class Difference(Exception):
    pass


def signature(problem):
    """What is alike in problems of one sort."""
    return re.sub(r"\b[a-z]\d+\b|\d[\d.e+-]*|\[.*\]|\(.*?\)", "#", problem.split("; CPython")[0])[:90]


def moved(args):
    """The arguments with floats that differ by some last bits."""
    args, copies = duplicate(args)
    rng = np.random.RandomState(1)
    for c in copies:
        if c.dtype.kind in "fc" and c.size:
            c *= 1 + rng.randint(-2, 3, c.shape) * np.finfo(c.dtype).eps
    return args


def ill_conditioned(program, want, got):
    """Whether what differs is inexact, and differs from itself beyond its tolerance when the arguments move a little: leaf by leaf."""
    if isinstance(want, Error) or isinstance(got, Error):
        return False
    try:
        other = oracle(program.text, "kernel", moved(program.args))
    except Endless:
        return True
    leaves, buffers = program.tolerances()
    if isinstance(other, Error):  # a branch that hangs on the last bits
        return compare(want, got, [[t and "skip" for t in leaves], [(d, t and "skip") for d, t in buffers]]) == ""
    leaves = [t and leaf_problem(w, o, t) and "skip" or t for t, (_, w), (_, o) in zip(leaves, parts(want.value), parts(other.value))]
    buffers = [(d, t and leaf_problem(np.frombuffer(w, d), np.frombuffer(o, d), t) and "skip" or t)
               for (d, t), w, o in zip(buffers, want.buffers, other.buffers)]
    return compare(want, got, [leaves, buffers]) == ""


class Run:
    def __init__(self, host, keep):
        self.host, self.keep = host, keep
        self.counts = collections.Counter()
        self.findings = collections.Counter()
        self.last = None
        self.seen = set()

    def check(self, program):
        key = hash(program.script())
        if key in self.seen and not self.last:  # every round starts with the simplest program
            return
        self.seen.add(key)
        self.counts["programs"] += 1
        try:
            want = oracle(program.text, "kernel", program.args)
        except Endless:
            self.counts["endless"] += 1
            return
        self.counts["raise" if isinstance(want, Error) else "return"] += 1
        outcomes = self.host.run(program.text, "kernel", program.args, program.boundscheck)
        for level, got in zip(self.host.levels, outcomes):
            problem = compare(want, got, program.tolerances())
            if not problem:
                continue
            if ill_conditioned(program, want, got):
                self.counts["ill-conditioned"] += 1
                continue
            problem = f"-O{level}: {problem}"
            if self.findings[signature(problem)] < REPEATS:
                self.last = program, problem
                raise Difference(problem)
            self.counts["repeated differences"] += 1
            return

    def round(self, seed):
        settings = hypothesis.settings(max_examples=ROUND, deadline=None, database=None, report_multiple_bugs=False, print_blob=False,
                                       suppress_health_check=list(hypothesis.HealthCheck), verbosity=hypothesis.Verbosity.quiet,
                                       phases=[hypothesis.Phase.generate, hypothesis.Phase.shrink])
        self.last = None
        test = hypothesis.seed(seed)(settings(hypothesis.given(programs())(self.check)))
        try:
            test()
        except Difference:
            self.found(seed)
        except hypothesis.errors.Flaky:
            self.found(seed, "  (not every time)")

    def found(self, seed, remark=""):
        program, problem = self.last
        self.findings[signature(problem)] += 1
        self.counts["differences"] += 1
        text = f"# round {seed}{remark}: {problem}\n{program.script()}"
        print(f"{text}\n", flush=True)
        if self.keep:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / f"round{seed}.py").write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--host", required=True)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    start = time.monotonic()
    with Host(options.host) as host:
        run = Run(host, options.keep)
        n = 0
        while (time.monotonic() - start < 60 * options.minutes) if options.minutes else run.counts["programs"] < options.count:
            run.round(options.seed * 1000000 + n)
            n += 1
            if options.minutes and n % 20 == 0:
                print(f"{(time.monotonic() - start) / 60:.1f} min: {summary(run)}", flush=True)
    print(f"{time.monotonic() - start:.0f} s: {summary(run)}")
    return 1 if run.counts["differences"] else 0


def summary(run):
    return ", ".join(f"{run.counts[k]} {k}" for k in ("programs", "return", "raise", "endless", "ill-conditioned", "differences", "repeated differences"))


if __name__ == "__main__":
    sys.exit(main())
