#!/usr/bin/env python3
"""Measures every figure of README's "How fast" and prints them as one table.

    figures.py [--tree build/release] [--polybench CHECKOUT] [--latency-python PYTHON]

The programs are those of `ninja perf`; `ninja -C build/release figures` builds them and runs this. CHECKOUT is a checkout of
PolyBench/C 4.2.1 (https://sourceforge.net/projects/polybench), by default $KJIT_POLYBENCH; without it that row says so.
What the programs print goes to standard error as they run. Exit status: 0, or 1 when a program failed or disagreed with its peer.
"""
import argparse
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Failed(Exception):
    pass


def output(command):
    """What the program printed; shown on standard error as well."""
    print("$", *command, file=sys.stderr, flush=True)
    done = subprocess.run([str(c) for c in command], stdout=subprocess.PIPE, text=True)
    sys.stderr.write(done.stdout)
    if done.returncode != 0:
        raise Failed(f"{command[0]} ended with status {done.returncode}")
    return done.stdout


def ratios(text):
    """The rows `name kjit clang ratio` of a table, and the geometric mean at its end."""
    rows = {m.group(1): float(m.group(2)) for m in re.finditer(r"^(\w[\w ()]*?) +[\d.]+ +[\d.]+ +([\d.]+)", text, re.M)}
    mean = re.search(r"^all +([\d.]+)", text, re.M)
    if not rows or not mean:
        raise Failed("the table of ratios could not be read")
    worst = max(rows, key=rows.get)
    above = [f"{name} {r:.2f}" for name, r in sorted(rows.items(), key=lambda row: -row[1]) if r > 1.2]
    note = f"largest {rows[worst]:.2f} ({worst})" + (f"; above 1.2: {', '.join(above)}" if above else "; none above 1.2")
    return len(rows), f"geometric mean {float(mean.group(1)):.3f}, {note}"


def polybench(tree, options):
    if not options.polybench:
        return None
    return ratios(output([sys.executable, HERE / "polybench/run.py", options.polybench, "--program", tree / "bin/perf_polybench"]))


def latency(tree, options):
    command = [tree / "bin/perf_latency"]
    if options.latency_python:
        command += [tree / "bin/kjit", "clang-22", options.latency_python]
    text = output(command)
    found = {}
    for key, row in (("text", "text to callable"), ("run", "kjit run")):
        m = re.search(rf"^{row}[^\n]*? +([\d.]+) +([\d.]+) +([\d.]+)$", text, re.M)
        if not m:
            raise Failed(f"perf_latency printed no row '{row}'")
        found[key] = f"{float(m.group(1)):.1f} ms / {float(m.group(2)):.1f} ms = {float(m.group(3)):.2f}"
    return found


def call_overhead(tree):
    text = output([tree / "bin/perf_call_overhead", "--benchmark_format=json", "--benchmark_repetitions=5",
                   "--benchmark_report_aggregates_only=true"])
    median = {b["run_name"]: b["cpu_time"] for b in json.loads(text[text.index("{"):])["benchmarks"] if b["aggregate_name"] == "median"}
    return ", ".join(f"{median[f'{sort}_handle'] - median[f'{sort}_pointer']:+.2f} ns for {sort}s" for sort in ("scalar", "array"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tree", type=pathlib.Path, default=ROOT / "build/release")
    parser.add_argument("--polybench", type=pathlib.Path, default=os.environ.get("KJIT_POLYBENCH") or None)
    parser.add_argument("--latency-python", help="the python3 whose start is measured; /usr/bin/python3 by default")
    options = parser.parse_args()
    tree = options.tree.resolve()
    rows, status = [], 0
    try:
        measured = polybench(tree, options)
        if measured:
            rows.append((f"{measured[0]} PolyBench/C kernels, kjit / clang -O3", measured[1]))
        else:
            rows.append(("PolyBench/C kernels, kjit / clang -O3", "NOT MEASURED: give --polybench CHECKOUT or KJIT_POLYBENCH"))
        count, text = ratios(output([tree / "bin/perf_loop_kernels"]))
        rows.append((f"{count} loop kernels and their C twins", text))
        found = latency(tree, options)
        rows.append(("text to callable, 30 lines / clang -O3 -c", found["text"]))
        rows.append(("kjit run of 3 lines / python3 -c pass", found["run"]))
        rows.append(("call through a typed handle over a pointer", call_overhead(tree)))
    except (Failed, OSError) as error:
        print(f"figures: {error}", file=sys.stderr)
        status = 1
    width = max((len(what) for what, _ in rows), default=0)
    print(f"\n{'what':<{width}}  figure")
    for what, figure in rows:
        print(f"{what:<{width}}  {figure}")
    return status


if __name__ == "__main__":
    sys.exit(main())
