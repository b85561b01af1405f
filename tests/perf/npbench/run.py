#!/usr/bin/env python3
"""NPBench's kernels under kjit: right as the NumPy twin, and how fast beside Numba.

    run.py NPBENCH --kjit build/release/bin/kjit [--size S|M|L|paper,...] [--variant n|np|npr|numpy,...] [--numba] [--threads N] [--serial] [--repeat N]
           [--json FILE] [--table FILE] [--chart FILE.svg|FILE.png] [--from FILE.json] [KERNEL...]

NPBENCH is a checkout of spcl/npbench, which stays as it is. For each kernel its `initialize` makes the inputs, its NumPy twin the
expected outputs. Variants n, np, npr: the Numba file, unmodified, is called by a kjit script in a process of its own on the same inputs,
then (--numba) by Numba in another. Variant numpy: the twin itself, its functions decorated with `njit` of the Python package (--package,
by default the one of --kjit's build tree), beside the twin as it is. One thread on every side, BLAS included, or --threads of them; no caches.
--serial runs the file a third time, by kjit with parallel=False in its decorators. A kernel is right when every output is, with NPBench's own tolerance for it. Times: the first call, compilation included, and the median of the later ones; every call
gets fresh copies of the arrays.
--table and --chart need several sizes or variants no more than one; --from makes them of a JSON file that was written before.
Exit status: 0 when no kernel is wrong, 1 otherwise. A kernel that kjit rejects is listed with its message, and is not wrong.
"""
import argparse
import json
import pathlib
import platform
import sys

import report
import sides
import suite

VARIANTS = ("n", "np", "npr", "numpy")


def run(options, size, variant):
    rows = {}
    for name, info in suite.load_info(options.checkout, options.kernels).items():
        try:
            row = sides.measure(options.checkout, info, size, variant, options)
        except Exception as problem:  # the checkout's own code, or a package that it needs
            row = {"kjit": {"status": "not run", "message": f"{type(problem).__name__}: {problem}"}}
        if row is None:
            continue
        rows[name] = row
        print(report.line(name, row), flush=True)
    print("\n".join(report.summary(rows)), flush=True)
    return {"size": size, "variant": variant, "kernels": rows}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=pathlib.Path, nargs="?")
    parser.add_argument("kernels", nargs="*")
    parser.add_argument("--kjit", type=pathlib.Path)
    parser.add_argument("--package", type=pathlib.Path, help="the folder with the Python package, for the variant numpy")
    parser.add_argument("--size", default="S")
    parser.add_argument("--variant", default="n")
    parser.add_argument("--numba", action="store_true")
    parser.add_argument("--through-python", action="store_true", help="Numba files by the Python package, not by kjit run")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--serial", action="store_true", help="kjit with parallel=False in the file, too")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--timeout", type=int, default=300)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--table", type=pathlib.Path)
    parser.add_argument("--chart", type=pathlib.Path)
    parser.add_argument("--from", dest="read", type=pathlib.Path)
    options = parser.parse_intermixed_args()
    options.variants, options.sizes = options.variant.split(","), options.size.split(",")
    for variant in options.variants:
        if variant not in VARIANTS:
            parser.error(f"--variant is one or more of {', '.join(VARIANTS)}, not {variant!r}")
    if not options.read:
        if not options.checkout or not options.kjit:
            parser.error("an NPBench checkout and --kjit are needed")
        options.kjit = options.kjit.resolve()
        options.package = (options.package or options.kjit.parents[1] / "python").resolve()
        options.checkout = options.checkout.resolve()
        options.kjit = str(options.kjit)
    return options


def main():
    options = arguments()
    if options.read:
        measured = json.loads(options.read.read_text())
    else:
        sys.path.insert(0, str(options.checkout))
        measured = {"machine": f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}", "repeat": options.repeat, "threads": options.threads,
                    "runs": [run(options, size, variant) for variant in options.variants for size in options.sizes]}
    if options.json:
        options.json.write_text(json.dumps(measured, indent=1))
    if options.table:
        options.table.write_text(report.table(measured["runs"]))
    if options.chart:
        report.chart(measured["runs"], options.chart, measured.get("threads", 1))
    states = [r["kjit"]["status"] for one in measured["runs"] for r in one["kernels"].values()]
    return 1 if any(s in ("wrong", "crashed") for s in states) else 0


if __name__ == "__main__":
    sys.exit(main())
