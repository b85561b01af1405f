#!/usr/bin/env python3
"""exports.py LIB_DIR: the shared libraries export their interface and nothing else, and none needs a shared LLVM."""

import pathlib
import re
import subprocess
import sys

import common

ALLOWED = {
    "libkjit_rt.so": re.compile(r"kjit_\w+$"),
    "libkjit_threads.so": re.compile(r"kjit_pool_\w+$"),
    "libkjit-llvm.so": re.compile(r"kjit_llvm_backend_\w+$"),
    "libkjit.so": re.compile(r"(kjit_\w+$|((vtable|typeinfo|typeinfo name|VTT|guard variable) for )?kjit::(?!(source|parse|sema|"
                             r"kir|kirgen|passes|lower|codegen|jit|aot|eval|driver)::))"),
}
FORBIDDEN_NEEDED = {
    "libkjit_rt.so": re.compile(r"LLVM|antlr|libkjit|tbb"),
    "libkjit_threads.so": re.compile(r"LLVM|antlr|libkjit|libtbb"),
    "libkjit-llvm.so": re.compile(r"LLVM|antlr|libkjit\.so"),
    "libkjit.so": re.compile(r"LLVM|libkjit-llvm"),
}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def main():
    folder = pathlib.Path(sys.argv[1])
    findings, exported = [], 0
    for name, allowed in ALLOWED.items():
        library = folder / name
        for line in output("nm", "-DC", "--defined-only", library):
            symbol = line.split(None, 2)[2]
            exported += 1
            if not allowed.match(symbol):
                findings.append(f"{name} exports {symbol}")
        for line in output("nm", "-DC", "--undefined-only", library):
            if "llvm::" in line:
                findings.append(f"{name} wants {line.split(None, 1)[1]} from outside")
        for line in output("readelf", "-dW", library):
            if "(NEEDED)" in line and FORBIDDEN_NEEDED[name].search(line):
                findings.append(f"{name} needs {line.split('[')[1].rstrip(']')}")
    if not exported:
        findings.append("nothing is exported at all")
    common.finish(findings, f"{exported} symbols exported, all of them meant to be")


if __name__ == "__main__":
    main()
