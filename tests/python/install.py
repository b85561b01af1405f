#!/usr/bin/env python3
"""install.py BUILD: `pip install tools/python` against a built tree, into a folder of its own; then a program that uses it there."""
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = """
import kjit as nb
import numpy as np

@nb.njit
def norm(a):
    return np.sqrt((a * a).sum())

print(norm(np.ones(4)), nb.__version__, nb.__file__)
"""


def main():
    with tempfile.TemporaryDirectory() as folder:
        target = pathlib.Path(folder) / "site"
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-build-isolation", "--no-deps",
                        "--no-index", "--target", str(target), str(ROOT / "tools/python")],
                       check=True, env=dict(os.environ, KJIT_BUILD_DIR=sys.argv[1]))
        held = sorted(p.name for p in (target / "kjit").iterdir())
        for name in ("libkjit.so", "libkjit-llvm.so", "libkjit_rt.so", "py.typed", "__init__.py", "cuda"):
            assert name in held, f"{name} is not installed: {held}"
        program = pathlib.Path(folder) / "program.py"
        program.write_text(PROGRAM)
        done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, env=dict(os.environ, PYTHONPATH=str(target)), cwd=folder)
        assert done.returncode == 0 and done.stdout.startswith("2.0 0.") and str(target) in done.stdout, done.stdout + done.stderr
        maps = subprocess.run(["ldd", str(next((target / "kjit").glob("_kjit*.so")))], capture_output=True, text=True).stdout
        assert str(target / "kjit") in maps and sys.argv[1] not in maps, maps
        print("installed and used:", done.stdout.strip())


if __name__ == "__main__":
    main()
