#!/usr/bin/env python3
"""The top level holds what was agreed, and no symbolic links; each folder of the compiler and the runtime opens its README with in, out and dump."""

import re
import subprocess

import common

TOP = {"CMakeLists.txt", "CMakePresets.json", "README.md", "LICENSE", "compiler", "runtime", "lang-spec", "examples", "tests", "tools"}
OPENING = [re.compile(rf"^(?:[-*] )?\**{word}\**:\**\s+\S", re.IGNORECASE) for word in ("in", "out", "dump")]


def opens_well(text):
    """Whether the first three lines, after a title, are In: ..., Out: ..., Dump: ..."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith("# "):
        lines = lines[1:]
    return len(lines) >= 3 and all(pattern.match(line) for pattern, line in zip(OPENING, lines))


def links():
    """Tracked symbolic links, those that lead nowhere here among them."""
    listing = subprocess.run(["git", "-c", "safe.directory=*", "-C", common.ROOT, "ls-files", "-z", "--stage"], check=True,
                             capture_output=True, text=True).stdout
    return [entry.split("\t", 1)[1] for entry in listing.split("\0") if entry.startswith("120000 ")]


def main():
    tracked = common.files()
    findings = [f"{name}: not part of the agreed top level" for name in sorted({f.split("/")[0] for f in tracked} - TOP)
                if not name.startswith(".")]
    findings += [f"{name}: a symbolic link: build trees and caches linked from elsewhere stay out" for name in links()]
    findings += [f"{name}: missing" for name in sorted(TOP - {f.split("/")[0] for f in tracked})]
    folders = {"/".join(f.split("/")[:2]) for f in tracked if f.startswith(("compiler/", "runtime/")) and f.count("/") > 1}
    folders |= {"compiler", "runtime", "lang-spec", "examples", "tests", "tools"}
    for folder in sorted(folders - {"compiler/include", "runtime/include"}):
        readme = common.ROOT / folder / "README.md"
        if not readme.is_file():
            findings.append(f"{folder}: no README.md")
        elif "/" in folder and not opens_well(readme.read_text()):
            findings.append(f"{folder}/README.md: does not open with the three lines 'In: ...', 'Out: ...', 'Dump: ...'")
    if "SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception" not in (common.ROOT / "LICENSE").read_text():
        findings.append("LICENSE: no SPDX line")
    common.finish(findings, f"{len(folders)} folders as agreed")


if __name__ == "__main__":
    main()
