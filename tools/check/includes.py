#!/usr/bin/env python3
"""Includes point up the pipeline, never down; LLVM and ANTLR stay in their folders; public headers need none of the compiler."""

import re

import common

PIPELINE = ["source", "parse", "sema", "kir", "kirgen", "passes", "lower", "codegen", "load", "jit", "aot", "eval", "driver"]
WITH_LLVM = {"lower", "codegen", "jit", "aot"}
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^">]+)[">]')
PUBLIC = ("compiler/include/", "runtime/include/", "examples/", "tests/embed/", "tools/kjit/")


def problem(path, target):
    """Why the file `path` may not include `target`, or None."""
    first = target.split("/")[0]
    parts = path.split("/")
    folder = parts[1] if parts[0] == "compiler" and parts[1] != "include" else None
    if first in ("llvm", "llvm-c", "lld") and folder not in WITH_LLVM and not path.startswith(
            tuple(f"tests/{name}/" for name in WITH_LLVM)):
        return "LLVM's headers are for " + ", ".join(sorted(WITH_LLVM))
    if (first.startswith("antlr4") or first.startswith("Kjit")) and folder != "parse":
        return "ANTLR and the generated parser are for parse"
    if path.startswith("runtime/") and (first in PIPELINE or first == "kjit"):
        return "the runtime knows nothing of the compiler"
    if path.startswith("compiler/include/") and first in ("fmt", "tbb", "oneapi"):
        return "an installed header needs nothing but the standard library"
    if path.startswith(PUBLIC) and first in PIPELINE:
        return "only installed headers may be used here"
    if folder in PIPELINE and first in PIPELINE and PIPELINE.index(first) > PIPELINE.index(folder):
        return f"{folder} stands above {first} in the pipeline"
    return None


def main():
    findings, seen = [], 0
    for path in common.files(".h", ".cpp", ".c", ".def"):
        for number, line in enumerate((common.ROOT / path).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            seen += 1
            target = match.group(2)
            if match.group(1) == '"' and not path.startswith("runtime/") and "/" not in target and not target.startswith("Kjit"):
                if (common.ROOT / path).with_name(target).is_file() and path.startswith("compiler/"):
                    findings.append(f'{path}:{number}: "{target}" is to be written from compiler/ on')
            why = problem(path, target)
            if why:
                findings.append(f"{path}:{number}: {target}: {why}")
    common.finish(findings, f"{seen} includes in order")


if __name__ == "__main__":
    main()
