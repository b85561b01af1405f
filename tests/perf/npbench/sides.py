"""One kernel on one side (kjit, Numba, NumPy), in a process of its own: the program, the process, and what came of it."""
import copy
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import numpy as np
import suite

IMPORT = "from {module} import {function}\n"
# The Numba file as it stands, with the Python package under Numba's name.
AS_NUMBA = "import sys\nimport kjit\nsys.modules['numba'] = kjit\n" + IMPORT
# Every function that the twin's module defines is decorated; the functions see each other by the module's names.
DECORATE = """
import types
import {package} as compiler
import {module} as kernels
for name, value in list(vars(kernels).items()):
    if isinstance(value, types.FunctionType) and value.__module__ == kernels.__name__:
        setattr(kernels, name, compiler.njit(value))
{function} = kernels.{function}
"""
PLAIN = "import {module} as kernels\n{function} = kernels.{function}\n"
CALL = """
import time
import numpy as np
{head}
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
"""


def literal(value):
    if isinstance(value, type) or isinstance(value, np.dtype):
        return "np." + np.dtype(value).name
    if isinstance(value, np.generic):
        return f"np.{value.dtype.name}({value.item()!r})"
    return repr(value)


def program(info, head, suffix, arguments, result_count, calls):
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
    names_of = {"module": info["module_name"] + suffix, "function": info["func_name"]}
    return CALL.format(head=head.format(**names_of), load="\n".join(load), calls=calls, copies="\n".join(copies) or "    pass",
                       arguments=", ".join(names), save="\n".join(save), **names_of)


def message_of(stderr, folder):
    """The line that says what is wrong, of kjit's or of Python's last words."""
    stderr = stderr.replace(f"{folder}{os.sep}", "")
    lines = [line for line in stderr.splitlines() if "error:" in line]
    if lines:
        return lines[0].strip().removeprefix("kjit.CompilationError: ")
    lines = [line.strip() for line in stderr.strip().splitlines() if line.strip() and not set(line.strip()) <= set("^~|")]
    errors = [line for line in lines if line.split(":")[0].split(".")[-1].endswith(("Error", "Exception"))]
    return (errors or lines or [""])[-1]


# Decorators as they stand, without the request for threads: what parallel code is compared with.
PARALLEL = re.compile(r"parallel\s*=\s*True")


def run(command, folder, want, info, options, path=None):
    for old in folder.glob("result_*.npy"):
        old.unlink()
    variables = ("KJIT_NUM_THREADS", "NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    threads = dict.fromkeys(variables, str(options.threads))
    env = dict(os.environ, NUMBA_CACHE_DIR=str(folder), **threads)
    if path:
        env["PYTHONPATH"] = os.pathsep.join([str(path), *filter(None, [env.get("PYTHONPATH")])])
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=options.timeout, env=env)
    except subprocess.TimeoutExpired:
        return {"status": "timeout", "message": f"more than {options.timeout} s"}
    if done.returncode != 0:
        return {"status": "crashed" if done.returncode < 0 else "rejected", "message": message_of(done.stderr, folder) or f"exit status {done.returncode}"}
    times = [float(t) for t in done.stdout.split()]
    files = [folder / f"result_{i}.npy" for i in range(len(want))]
    if not any(f.exists() for f in files):
        return {"status": "wrong", "message": "no output to compare"}
    wrong = [f"output {i}: {why}" for i, (w, f) in enumerate(zip(want, files)) if f.exists() and (why := suite.difference(w, np.load(f), info))]
    if wrong:
        return {"status": "wrong", "message": "; ".join(wrong)}
    return {"status": "right", "first": times[0], "median": statistics.median(times[1:] or times)}


def measure(checkout, info, size, variant, options):
    """{side: outcome} of one kernel; None where NPBench has no such file."""
    suffix = "_numpy" if variant == "numpy" else f"_numba_{variant}"
    source = suite.folder_of(checkout, info) / f"{info['module_name']}{suffix}.py"
    if not source.exists():
        return None
    inputs = suite.make_inputs(info, size)
    reference = copy.deepcopy(inputs)
    result = getattr(suite.module_of(info, "_numpy"), info["func_name"])(*[v for _, v in reference])
    want = suite.outputs_of(result, reference, info)
    count = len(want) - len(info["output_args"])
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        shutil.copy(source, folder)
        for name, value in inputs:
            if isinstance(value, np.ndarray):
                np.save(folder / f"in_{name}.npy", value)

        def side(command, head, path=None):
            (folder / "call.py").write_text(program(info, head, suffix, inputs, count, options.repeat + 1))
            return run([*command, "call.py"], folder, want, info, options, path)

        if variant != "numpy":
            python = options.through_python
            row = {"kjit": side([sys.executable], AS_NUMBA, options.package) if python else side([options.kjit, "run"], IMPORT)}
            if options.numba:
                row["numba"] = side([sys.executable], IMPORT)
            if options.serial and not python:
                copied = folder / source.name
                copied.write_text(PARALLEL.sub("parallel=False", copied.read_text()))
                row["serial"] = side([options.kjit, "run"], IMPORT)
            return row
        row = {"kjit": side([sys.executable], DECORATE.replace("{package}", "kjit"), options.package), "numpy": side([sys.executable], PLAIN)}
        if options.numba:
            row["numba"] = side([sys.executable], DECORATE.replace("{package}", "numba"))
        return row
