#!/usr/bin/env python3
"""clang-tidy has nothing to say about the given sources (all by default), seen as a built tree compiles them; --analyze adds the
static analyzer, which takes five times as long."""

import argparse
import json
import os
import pathlib
import subprocess
from concurrent.futures import ThreadPoolExecutor

import common


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tree", type=pathlib.Path, default=common.ROOT / "build/debug", help="the built tree (build/debug)")
    parser.add_argument("--analyze", action="store_true", help="run the static analyzer too")
    parser.add_argument("sources", nargs="*")
    options = parser.parse_args()

    compiled = {row["file"] for row in json.loads((options.tree / "compile_commands.json").read_text())}
    wanted = [str(pathlib.Path(a).resolve()) for a in options.sources] or [str(common.ROOT / f) for f in common.files(".cpp")]
    sources = [path for path in wanted if path in compiled]
    command = ["clang-tidy-22", "--quiet", "-p", str(options.tree)]
    if options.analyze:
        command.append("--checks=clang-analyzer-*,-clang-analyzer-optin.*,-clang-analyzer-cplusplus.NewDeleteLeaks")

    def check(path):
        done = subprocess.run([*command, path], capture_output=True, text=True)
        return done.stdout.splitlines() if done.returncode else []

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        findings = [line for lines in pool.map(check, sources) for line in lines]
    common.finish(findings, f"{len(sources)} sources tidy")


if __name__ == "__main__":
    main()
