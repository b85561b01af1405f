#!/usr/bin/env python3
"""tidy.py [FILE...]: clang-tidy over the given sources (all by default), with the compile commands of a configured tree."""

import json
import os
import pathlib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import common


def main():
    trees = [common.ROOT / "build" / name for name in ("debug", "release")]
    tree = next((t for t in trees if (t / "compile_commands.json").is_file()), None)
    if tree is None:
        sys.exit("tidy: configure first: cmake --preset release")
    compiled = {row["file"] for row in json.loads((tree / "compile_commands.json").read_text())}
    wanted = [str(pathlib.Path(a).resolve()) for a in sys.argv[1:]] or [str(common.ROOT / f) for f in common.files(".cpp")]
    sources = [path for path in wanted if path in compiled]

    def check(path):
        done = subprocess.run(["clang-tidy-22", "--quiet", "-p", tree, path], capture_output=True, text=True)
        return done.stdout.splitlines() if done.returncode else []

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [line for lines in pool.map(check, sources) for line in lines]
    common.finish(findings, f"{len(sources)} sources tidy")


if __name__ == "__main__":
    main()
