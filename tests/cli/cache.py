#!/usr/bin/env python3
"""cache.py KJIT [disks]: code that later processes find on disk, through the command line; `disks`: on full and read-only disks alone.
Exit status: 0 all right, 1 a difference, 77 no disk can be mounted here."""
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

KERNELS = """import numpy as np
from numba import njit, prange
@njit
def twice(x):
    return x + x
@njit
def shift(a, b):
    for i in range(a.size):
        a[i] = np.exp(b[i]) + twice(i)
a = np.zeros(5)
shift(a, np.ones(5))
print(twice(4), a.sum() > 20, (a + 1).size)
"""
failed = 0


def expect(same, what):
    global failed
    if not same:
        failed += 1
        print(what)


class Kjit:
    def __init__(self, program, cache):
        self.program, self.environment = str(pathlib.Path(program).resolve()), {**os.environ, "KJIT_CACHE_DIR": str(cache)}

    def __call__(self, *arguments, status=0, **environment):
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, timeout=100,
                              env={**self.environment, **environment})
        expect(done.returncode == status, f"kjit {arguments}: status {done.returncode}, expected {status}\n{done.stdout}{done.stderr}")
        return done

    def report(self, file, *options, **environment):
        done = self("run", "--cache-report", *options, file, **environment)
        expect(done.stdout == "8 True 5\n", f"prints {done.stdout}{done.stderr}")
        return [line.split()[1] for line in done.stderr.splitlines() if line.startswith("cache: ")], done.stderr


def a_second_process(kjit, file):
    outcomes, text = kjit.report(file)
    expect(outcomes and set(outcomes) == {"miss"} and text.count("; kept") == len(outcomes), f"first: {text}")
    outcomes, text = kjit.report(file, LD_DEBUG="files")
    expect(outcomes and set(outcomes) == {"hit"}, f"second: {outcomes}")
    expect("libkjit.so" in text and "libkjit-llvm" not in text, "a hit needs no LLVM")
    expect(kjit("run", "--no-cache", file).stderr == "" and kjit.report(file, "--no-cache")[0] == [], "--no-cache: neither looks nor keeps")
    file.write_text(KERNELS.replace("x + x", "2 * x"))
    text = kjit.report(file)[1]
    expect("miss   shift(array(float64, 1d, C), array(float64, 1d, C))" in text and "the text of 'twice' has changed" in text, text)
    file.write_text(KERNELS)
    expect(set(kjit.report(file)[0]) == {"hit"}, "what was kept first is still there")
    for wanted in "miss", "hit":
        done = kjit("--cache-report", "-c", "import numpy as np; print((np.ones(3) + 2.5)[1])")
        expect(done.stdout == "3.5\n" and f"cache: {wanted:<6} operation(" in done.stderr, f"kjit -c: {done}")


def commands(kjit, file, cache):
    count = len(list(cache.iterdir()))
    line = kjit("cache", "info").stdout
    expect(re.fullmatch(rf"{re.escape(str(cache))}, [\d.]+ [kM]?B in {count} entries\n", line), line)
    expect(f"cache: {line}" in kjit("info").stdout, "kjit info shows the cache")
    listed = kjit("cache", "list").stdout.splitlines()
    expect(len(listed) == count and any(f"twice(int (Python)) in {file}" in each for each in listed), listed)
    expect(kjit("cache", "verify").stdout == f"{count} entries in order\n", "nothing is damaged")
    victim = next(iter(sorted(cache.iterdir())))
    victim.write_bytes(victim.read_bytes()[:-1])
    expect("damaged: " + victim.name in kjit("cache", "list").stdout, "damage is listed")
    text = kjit("cache", "verify", status=1).stdout
    expect(text == f"removed, since it was damaged: {victim.name}\n{count - 1} entries in order\n", text)
    expect(kjit("cache", "prune", "1G").stdout == "0 entries removed\n", "all of it fits")
    kjit("cache", "prune", "5k")
    expect(0 < sum(each.stat().st_size for each in cache.iterdir()) <= 5 * 1024, "what fits stays")
    expect(" removed\n" in kjit("cache", "clear").stdout and not list(cache.iterdir()), "nothing is left")
    expect("is no size such as 64M" in kjit("cache", "prune", "much", status=2).stderr, "sizes")
    kjit("cache", status=2), kjit("cache", "polish", status=2)
    expect("not there yet" in kjit("cache", "info", KJIT_CACHE_DIR=str(cache / "none")).stdout, "no directory")
    expect("there is no directory" in kjit("cache", "info", KJIT_CACHE_DIR="").stdout, "empty: none")


def refused_directories(kjit, file, cache):
    cache.chmod(0o777)
    outcomes, text = kjit.report(file)
    expect(set(outcomes) == {"unused"} and f"others may write to {cache}" in text, text)
    expect("others may write" in kjit("cache", "info").stdout, "info says so")
    expect("others may write" in kjit("cache", "list", status=1).stderr, "the commands say so")
    expect(not list(cache.iterdir()), "nothing was written")
    cache.chmod(0o700)


def full_and_read_only_disks(kjit, file):
    """In a name space of its own, where this may be done."""
    with tempfile.TemporaryDirectory() as place:
        run = f"{kjit.program} run --cache-report {file}"
        script = f"mount -t tmpfs -o size=8k,mode=700 none {place} || exit 77\n{run} && {run} && mount -o remount,ro {place} && {run}"
        done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=100,
                              env={**kjit.environment, "KJIT_CACHE_DIR": place})
        if done.returncode == 77 or "unshare" in done.stderr:
            sys.exit(77)
        expect(done.returncode == 0 and done.stdout == "8 True 5\n" * 3, f"full disk: {done}")
        expect("not kept: No space left on device" in done.stderr, done.stderr)
        expect("not kept: Read-only file system" in done.stderr, done.stderr)


def many_processes(kjit, file, cache):
    started = [subprocess.Popen([kjit.program, "run", file], stdout=subprocess.PIPE, env=kjit.environment) for _ in range(6)]
    for process in started:
        expect(process.communicate(timeout=100)[0] == b"8 True 5\n" and process.returncode == 0, "a cold start among others")
    expect(set(kjit.report(file)[0]) == {"hit"}, "all is there")
    shutil.rmtree(cache)
    rng = random.Random(1)
    for _ in range(8):
        process = subprocess.Popen([kjit.program, "run", file], stdout=subprocess.DEVNULL, env=kjit.environment)
        time.sleep(rng.uniform(0.005, 0.06))
        process.send_signal(signal.SIGKILL)
        process.wait()
        expect("damaged" not in kjit("cache", "list").stdout, "a killed process leaves no damaged entry")
    kjit.report(file)
    expect(set(kjit.report(file)[0]) == {"hit"}, "whatever was killed")


def main():
    with tempfile.TemporaryDirectory() as folder:
        file, cache = pathlib.Path(folder) / "k.py", pathlib.Path(folder) / "cache"
        file.write_text(KERNELS)
        kjit = Kjit(sys.argv[1], cache)
        if sys.argv[2:] == ["disks"]:
            full_and_read_only_disks(kjit, file)
            return 1 if failed else 0
        a_second_process(kjit, file)
        commands(kjit, file, cache)
        refused_directories(kjit, file, cache)
        many_processes(kjit, file, cache)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
