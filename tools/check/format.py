#!/usr/bin/env python3
"""format.py [--fix] [FILE...]: C and C++ files are as clang-format leaves them; --fix rewrites those that are not."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import common


def check(path, fix):
    command = ["clang-format-22", "-i"] if fix else ["clang-format-22", "--dry-run", "-Werror", "--ferror-limit=1"]
    done = subprocess.run([*command, path], cwd=common.ROOT, capture_output=True, text=True)
    return [] if done.returncode == 0 else [done.stderr.splitlines()[0] if done.stderr else f"{path}: clang-format failed"]


def main():
    fix = "--fix" in sys.argv[1:]
    paths = [os.path.relpath(a, common.ROOT) for a in sys.argv[1:] if a != "--fix"] or common.files(".h", ".cpp", ".c")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [line for lines in pool.map(lambda p: check(p, fix), paths) for line in lines]
    if findings:
        findings.append("tools/check/format.py --fix mends this")
    common.finish(findings, f"{len(paths)} files in format")


if __name__ == "__main__":
    main()
