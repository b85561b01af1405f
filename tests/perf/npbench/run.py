#!/usr/bin/env python3
"""NPBench's Numba kernels, unmodified, under kjit: right as the NumPy twin, and how fast beside Numba.

    run.py NPBENCH --kjit build/release/bin/kjit [--size S|M|L|paper] [--variant n|np|npr] [--numba] [--repeat N]
           [--json FILE] [KERNEL...]

NPBENCH is a checkout of spcl/npbench, which stays as it is. For each kernel its `initialize` makes the inputs, its NumPy twin the
expected outputs; the Numba file is called by a kjit script in a process of its own on the same inputs, then (--numba) by Numba in
another. A kernel is right when every output is, with NPBench's own tolerance. Times: the first call, compilation included, and the
median of the later ones; every call gets fresh copies of the arrays.
Exit status: 0 when no kernel is wrong, 1 otherwise. A kernel that kjit rejects is listed with its message, and is not wrong.
"""
import argparse
import copy
import importlib
import inspect
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

import numpy as np


def load_info(checkout, names):
    found = {}
    for path in sorted((checkout / "bench_info").glob("*.json")):
        info = json.loads(path.read_text())["benchmark"]
        if not names or info["module_name"] in names or path.stem in names:
            info["output_args"] = info["output_args"] or info["array_args"]  # none named: whatever was written
            found[path.stem] = info
    return found


def module_of(checkout, info, suffix):
    package = "npbench.benchmarks." + info["relative_path"].replace("/", ".")
    return importlib.import_module(f"{package}.{info['module_name']}{suffix}")


def make_inputs(checkout, info, size):
    values = dict(info["parameters"][size])
    if "init" in info and info["init"]:
        init = getattr(module_of(checkout, info, ""), info["init"]["func_name"])
        given = [values[a] for a in info["init"]["input_args"]]
        out = init(*given)
        names = info["init"]["output_args"]
        out = (out,) if len(names) == 1 else out
        values.update(zip(names, out))
    return [(a, values[a]) for a in info["input_args"]]


def outputs_of(result, arguments, info):
    out = []
    if result is not None:
        out += list(result) if isinstance(result, (tuple, list)) else [result]
    named = dict(arguments)
    return out + [named[a] for a in info["output_args"]]


def close(want, got):
    want, got = np.asarray(want), np.asarray(got)
    if want.shape != got.shape:
        if want.size != got.size:
            return f"shape {got.shape}, expected {want.shape}"
        got = got.reshape(want.shape)
    if np.allclose(want, got, rtol=1e-5, atol=1e-8, equal_nan=True):
        return ""
    with np.errstate(all="ignore"):
        error = np.linalg.norm((want - got).ravel()) / max(np.linalg.norm(want.ravel()), 1e-300)
    return "" if error < 1e-5 else f"relative error {error:.2g}"


CALL = '''
import time
import numpy as np
from {module} import {function}

times = []
result = None
{load}
for _ in range({calls}):
{copies}
    start = time.perf_counter()
    result = {function}({arguments})
    times.append(time.perf_counter() - start)
for t in times:
    print(t)
{save}
'''


def literal(value):
    if isinstance(value, type) or isinstance(value, np.dtype):
        return "np." + np.dtype(value).name
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({value.item()!r})"
    return repr(value)


def script(info, suffix, arguments, result_count, calls):
    load, copies, names = [], [], []
    for name, value in arguments:
        if isinstance(value, np.ndarray):
            load.append(f"in_{name} = np.load('in_{name}.npy')")
            copies.append(f"    {name}_ = in_{name}.copy()")
            names.append(f"{name}_")
        else:
            names.append(literal(value))
    save = []
    if result_count:
        save.append("if result is not None:")  # some Numba files return nothing where the twin returns an argument
    if result_count == 1:
        save.append("    np.save('result_0.npy', np.asarray(result))")
    for i in range(result_count if result_count > 1 else 0):
        save.append(f"    np.save('result_{i}.npy', np.asarray(result[{i}]))")
    for i, name in enumerate(info["output_args"]):
        save.append(f"np.save('result_{result_count + i}.npy', {name}_)")
    return CALL.format(module=info["module_name"] + suffix, function=info["func_name"], load="\n".join(load), calls=calls,
                       copies="\n".join(copies) or "    pass", arguments=", ".join(names), save="\n".join(save))


def run_side(command, folder, want, timeout):
    for old in folder.glob("result_*.npy"):
        old.unlink()
    env = dict(os.environ, NUMBA_NUM_THREADS="1", OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=timeout, env=env)
    except subprocess.TimeoutExpired:
        return {"status": "timeout", "message": f"more than {timeout} s"}
    if done.returncode != 0:
        lines = [l for l in done.stderr.splitlines() if "error:" in l] or done.stderr.strip().splitlines()[-1:]
        status = "crashed" if done.returncode < 0 else "rejected"
        return {"status": status, "message": lines[0] if lines else f"exit status {done.returncode}"}
    times = [float(t) for t in done.stdout.split()]
    files = [folder / f"result_{i}.npy" for i in range(len(want))]
    if not any(f.exists() for f in files):
        return {"status": "wrong", "message": "no output to compare"}
    wrong = [f"output {i}: {why}" for i, (w, f) in enumerate(zip(want, files)) if f.exists() and (why := close(w, np.load(f)))]
    if wrong:
        return {"status": "wrong", "message": "; ".join(wrong)}
    return {"status": "right", "first": times[0], "median": statistics.median(times[1:] or times)}


def measure(checkout, name, info, options):
    suffix = f"_numba_{options.variant}"
    folder_of_kernel = checkout / "npbench/benchmarks" / info["relative_path"]
    source = folder_of_kernel / f"{info['module_name']}{suffix}.py"
    if not source.exists():
        return None
    inputs = make_inputs(checkout, info, options.size)
    reference = copy.deepcopy(inputs)
    result = getattr(module_of(checkout, info, "_numpy"), info["func_name"])(*[v for _, v in reference])
    want = outputs_of(result, reference, info)
    count = len(want) - len(info["output_args"])
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        shutil.copy(source, folder)
        for arg, value in inputs:
            if isinstance(value, np.ndarray):
                np.save(folder / f"in_{arg}.npy", value)
        (folder / "call.py").write_text(script(info, suffix, inputs, count, options.repeat + 1))
        row = {"kjit": run_side([options.kjit, "run", "call.py"], folder, want, options.timeout)}
        if options.numba:
            row["numba"] = run_side([sys.executable, "call.py"], folder, want, options.timeout)
    return row


def geometric_mean(values):
    return float(np.exp(np.mean(np.log(values)))) if values else float("nan")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=pathlib.Path)
    parser.add_argument("kernels", nargs="*")
    parser.add_argument("--kjit", required=True)
    parser.add_argument("--size", default="S")
    parser.add_argument("--variant", default="n", choices=["n", "np", "npr"])
    parser.add_argument("--numba", action="store_true")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--timeout", type=int, default=300)
    parser.add_argument("--json", type=pathlib.Path)
    options = parser.parse_args()
    options.kjit = str(pathlib.Path(options.kjit).resolve())
    sys.path.insert(0, str(options.checkout))
    rows = {}
    for name, info in load_info(options.checkout, options.kernels).items():
        try:
            row = measure(options.checkout, name, info, options)
        except Exception as problem:  # the checkout's own code, or a package that it needs
            row = {"kjit": {"status": "not run", "message": f"{type(problem).__name__}: {problem}"}}
        if row is None:
            continue
        rows[name] = row
        k, n = row["kjit"], row.get("numba", {})
        text = f"{name:26} {k['status']:9}"
        if k["status"] == "right":
            text += f" first {k['first'] * 1e3:9.2f} ms  median {k['median'] * 1e3:10.3f} ms"
            if n.get("status") == "right":
                text += f"   Numba / kjit: first {n['first'] / k['first']:7.1f}  median {n['median'] / k['median']:6.2f}"
        else:
            text += " " + k["message"]
        print(text, flush=True)
    both = [r for r in rows.values() if r["kjit"]["status"] == "right" and r.get("numba", {}).get("status") == "right"]
    states = [r["kjit"]["status"] for r in rows.values()]
    print(f"{len(rows)} kernels: " + ", ".join(f"{states.count(s)} {s}" for s in sorted(set(states))))
    if both:
        print(f"geometric means over {len(both)}: Numba / kjit first call "
              f"{geometric_mean([r['numba']['first'] / r['kjit']['first'] for r in both]):.1f}, median "
              f"{geometric_mean([r['numba']['median'] / r['kjit']['median'] for r in both]):.2f}")
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1))
    return 1 if any(s in ("wrong", "crashed") for s in states) else 0


if __name__ == "__main__":
    sys.exit(main())
