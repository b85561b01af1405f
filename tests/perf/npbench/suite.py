"""An NPBench checkout: its kernels, their inputs, and what NPBench calls right."""
import importlib
import json

import numpy as np


def load_info(checkout, names):
    found = {}
    for path in sorted((checkout / "bench_info").glob("*.json")):
        info = json.loads(path.read_text())["benchmark"]
        if not names or info["module_name"] in names or path.stem in names:
            info["output_args"] = info["output_args"] or info["array_args"]  # none named: whatever was written
            found[path.stem] = info
    return found


def folder_of(checkout, info):
    return checkout / "npbench/benchmarks" / info["relative_path"]


def module_of(info, suffix):
    package = "npbench.benchmarks." + info["relative_path"].replace("/", ".")
    return importlib.import_module(f"{package}.{info['module_name']}{suffix}")


def make_inputs(info, size):
    """(name, value) of each argument."""
    values = dict(info["parameters"][size])
    if "init" in info and info["init"]:
        init = getattr(module_of(info, ""), info["init"]["func_name"])
        out = init(*[values[a] for a in info["init"]["input_args"]])
        names = info["init"]["output_args"]
        values.update(zip(names, (out,) if len(names) == 1 else out))
    return [(a, values[a]) for a in info["input_args"]]


def outputs_of(result, arguments, info):
    out = []
    if result is not None:
        out += list(result) if isinstance(result, (tuple, list)) else [result]
    named = dict(arguments)
    return out + [named[a] for a in info["output_args"]]


def difference(want, got, info):
    """Why `got` is not what NPBench takes for right: element by element with its `rtol`, else as a whole with its `norm_error`; ""."""
    want, got = np.asarray(want), np.asarray(got)
    if want.shape != got.shape:
        if want.size != got.size:
            return f"shape {got.shape}, expected {want.shape}"
        got = got.reshape(want.shape)
    if np.allclose(want, got, rtol=info.get("rtol", 1e-5), atol=info.get("atol", 1e-8), equal_nan=True):
        return ""
    with np.errstate(all="ignore"):
        error = np.linalg.norm((want - got).ravel()) / max(np.linalg.norm(want.ravel()), 1e-300)
    return "" if error < info.get("norm_error", 1e-5) else f"relative error {error:.2g}"
