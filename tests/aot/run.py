#!/usr/bin/env python3
"""run.py KJIT CC CXX FLAG...: programs in C99 and C++ with kernels compiled ahead of time. FLAG: of the tree's sanitizers.

Exit status: 0 all right, 1 a difference."""
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
KJIT = pathlib.Path(sys.argv[1]).resolve()
CC, CXX, FLAGS = sys.argv[2], sys.argv[3], [f for f in sys.argv[4:] if f]
LIBRARIES = KJIT.parent.parent / "lib"
INCLUDES = HERE.parent.parent / "runtime" / "include"
SIGNATURES = ["--sig", "half(optional(f8))", "--sig", "half(f8, f8)"]
NAMES = {"row_sum", "scaled", "scaled_2", "blend", "divide", "refuse", "centred", "sum_of_exp", "hypotenuse", "turned", "sum_of_sines",
         "tail", "product", "small", "pick", "fibonacci", "endless", "say", "draw", "half", "half_2"}
failed = 0


def expect(same, what):
    global failed
    if not same:
        failed += 1
        print(what)


def run(*command, cwd=None):
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, cwd=cwd, timeout=100)


def build(folder, output, *options, status=0, says=()):
    done = run(KJIT, "build", "kernels.py", "-o", output, *options, cwd=folder)
    expect(done.returncode == status and all(s in done.stderr for s in says),
           f"kjit build -o {output} {' '.join(options)}: status {done.returncode}, expected {status}\n{done.stderr}")


def program(folder, compiler, source, inputs, standard):
    to = folder / "program"
    done = run(compiler, f"-std={standard}", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic", *FLAGS, "-I", INCLUDES, "-I", folder,
               HERE / source, *inputs, "-o", to, "-L", LIBRARIES, "-lkjit_rt", "-lm", "-pthread", f"-Wl,-rpath,{LIBRARIES}:{folder}")
    expect(done.returncode == 0, f"{source} with {inputs}: {done.stderr}")
    if done.returncode == 0:
        done = run(to)
        said = "n is 42\n" if source.endswith(".c") else ""
        expect(done.returncode == 0 and done.stdout == said, f"{source} with {inputs}: {done.returncode}\n{done.stdout}{done.stderr}")


def exported(folder):
    lines = run("nm", "-D", "--defined-only", folder / "libkernels.so").stdout.splitlines()
    names = {line.split()[-1] for line in lines}
    expect(names == NAMES, f"libkernels.so exports {sorted(names ^ NAMES)} beside or not what was asked")
    lines = run("nm", "-g", "--defined-only", folder / "kernels.o").stdout.splitlines()
    expect({line.split()[-1] for line in lines} == NAMES, f"kernels.o has {lines}")
    needed = [line for line in run("readelf", "-dW", folder / "libkernels.so").stdout.splitlines() if "(NEEDED)" in line]
    foreign = [n for n in needed if not any(f"[{k}]" in n for k in ("libkjit_rt.so", "libm.so.6", "libc.so.6", "libgcc_s.so.1"))]
    expect(not foreign, f"libkernels.so needs {foreign}")
    wanted = run("nm", "-u", folder / "kernels.o").stdout
    expect("kjit_jit_later" not in wanted and "tsan" not in wanted and "asan" not in wanted, f"kernels.o needs {wanted}")


def same_bytes(folder, kinds):
    for name in kinds:
        first = (folder / name).read_bytes()
        build(folder, name, *SIGNATURES, "--header", "again.h")
        expect((folder / name).read_bytes() == first, f"{name}: other bytes when built again")
    expect((folder / "again.h").read_text().replace("AGAIN", "KERNELS").replace("again", "kernels").split("*/", 1)[1] ==
           (folder / "kernels.h").read_text().split("*/", 1)[1], "the header is another one when built again")


def processors(folder):
    for cpu in "x86-64-v2", "x86-64-v3", "native":
        build(folder, "kernels.o", "--target-cpu", cpu)
    asm = run("objdump", "-d", folder / "kernels.o").stdout
    build(folder, "kernels.o", "--cpu=x86-64")
    expect("ymm" not in run("objdump", "-d", folder / "kernels.o").stdout, "x86-64 has no AVX")
    expect(asm, "objdump says nothing")
    build(folder, "kernels.o", "--target-cpu", "x86-64-v9", status=2, says=["LLVM knows no processor 'x86-64-v9'"])


def refusals(folder):
    def file(text, *options, says, output="x.o"):
        (folder / "x.py").write_text("from numba import njit, vectorize, cuda\nimport numpy as np\n" + text)
        done = run(KJIT, "build", "x.py", "-o", output, *options, cwd=folder)
        expect(done.returncode in (1, 2) and all(s in done.stderr for s in says) and not (folder / output).exists(),
               f"{text!r} {options}: status {done.returncode}, not {says}\n{done.stderr}")

    lazy = "@njit\ndef f(x):\n    return x\n"
    file(lazy, says=["no function of x.py has a signature: which types is 'f' built for? Say --sig 'f(f8[:], i8)'"])
    file("x = 1\n", says=["x.py has no function with a decorator"])
    file(lazy, "--sig", "g(f8)", says=["there is no function 'g'"])
    file(lazy.replace("f(", "kernel("), "--sig", "kernl(f8)", says=["did you mean 'kernel'?"])
    file(lazy, "--sig", "f", says=["a signature is like"])
    file(lazy, "--sig", "f(f9)", says=["f9"])
    file(lazy, "--sig", "f(f8, f8)", says=["'f' takes 1 argument, the signature gives 2"])
    file(lazy, "--sig", "f(f8)", output="x.exe", says=["'x.exe': what is built are .o, .a, .so, .ll and .ptx files"])
    file(lazy.replace("f(", "exp("), "--sig", "exp(f8)", says=["'exp'", "--prefix"])
    file(lazy.replace("f(", "double("), "--sig", "double(f8)", says=["'double' cannot be the name of a function in C"])
    file(lazy.replace("f(", "f_2(") + lazy, "--sig", "f(f8)", "--sig", "f(i8)", "--sig", "f_2(i8)", says=["two functions would be called 'f_2'"])
    file(lazy, "--sig", "f(f8)", "--prefix", "9", says=["the prefix '9'"])
    file("@njit\ndef f(x):\n    return x + 'a'\n", "--sig", "f(f8)", says=["x.py:5:12: error"])
    file("@njit('f8(f8)')\ndef f(x):\n    return x\n", "--sig", "f(f4)", says=["no signature of 'f' takes (float32)"])
    file("@cuda.jit('void(f8[:])')\ndef f(x):\n    x[0] = 1\n", says=["x.py has kernels with @cuda.jit alone"])
    file("@njit('f8(f8[:])', parallel=True, target='cuda')\ndef f(x):\n    return x.sum()\n", says=["target='cuda'"])
    file("@njit\ndef f(x, *, k):\n    return x\n", "--sig", "f(f8)", says=["the keyword 'k' without a default"])
    file("@njit\ndef f():\n    return range(3)\n", "--sig", "f()", says=["range cannot be returned"])
    (folder / "y.py").write_text("from numba import njit\n" + lazy)
    file(lazy, "y.py", "--sig", "f(f8)", says=["both x.py and y.py have a function 'f'"])
    file("", "y.py", "nowhere.py", "--sig", "f(f8)", says=["cannot read 'nowhere.py'"])
    done = run(KJIT, "build", "y.py", "--sig", "f(f8)", "-o", "nofolder/y.o", cwd=folder)
    expect(done.returncode == 1 and "nofolder/y.o cannot be written" in done.stderr, f"no folder: {done.stderr}")
    done = run(KJIT, "build", "y.py", "--sig", "f(f8)", "--prefix", "my_", "-o", "y.ll", "--header", "y.h", cwd=folder)
    expect(done.returncode == 0 and "@my_f(" in (folder / "y.ll").read_text() and "my_f(kjit_ctx*" in (folder / "y.h").read_text(),
           f"--prefix: {done.stderr}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "kernels.py").write_bytes((HERE / "kernels.py").read_bytes())
        kinds = ["kernels.o", "kernels.a", "libkernels.so", "kernels.ll"]
        for kind in kinds:
            build(folder, kind, *SIGNATURES, "--header", "kernels.h")
        program(folder, CC, "program.c", [folder / "kernels.o"], "c99")
        program(folder, CC, "program.c", [folder / "kernels.a"], "c99")
        program(folder, CC, "program.c", [folder / "libkernels.so"], "c99")
        program(folder, CXX, "program.cpp", [folder / "libkernels.so"], "c++17")
        exported(folder)
        same_bytes(folder, kinds)
        processors(folder)
        refusals(folder)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
