#!/usr/bin/env python3
"""PolyBench/C against kernels/: kjit / clang in one run.

    run.py POLYBENCH [--program build/release/bin/perf_polybench] [--repeat N] [--index int64|int] [KERNEL...]

POLYBENCH is a checkout of PolyBench/C 4.2.1, which stays as it is. Each benchmark is included, unmodified, in a small C file
that is built as a shared library with `clang-22 -O3 -march=native -ffp-contract=off`, POLYBENCH_USE_RESTRICT and
POLYBENCH_USE_C99_PROTO; its sizes are variables of the library, so that they are parameters for both sides. PolyBench's own
index type is `int`; by default `int` is defined as `long` around the benchmark's text, so that both sides index with 64 bits.
(`--index int` leaves it alone. floyd-warshall and nussinov have int elements; these become 64 bits wide as well.)

The C++ program loads each library, lets PolyBench's main() run with a timer that notes the arrays at its start and end, and
runs our kernel on copies of the arrays as they were at the start. Everything at the end must agree.
"""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

# name: (folder, data set, scalar arguments, arrays in the order of main()'s declarations)
BENCHMARKS = {
    "correlation": ("datamining/correlation", "MEDIUM", "N:f", "data[N,M] corr[M,M] mean[M] stddev[M]"),
    "covariance": ("datamining/covariance", "MEDIUM", "N:f", "data[N,M] cov[M,M] mean[M]"),
    "gemm": ("linear-algebra/blas/gemm", "MEDIUM", "1.5 1.2", "C[NI,NJ] A[NI,NK] B[NK,NJ]"),
    "gemver": ("linear-algebra/blas/gemver", "LARGE", "1.5 1.2", "A[N,N] u1[N] v1[N] u2[N] v2[N] w[N] x[N] y[N] z[N]"),
    "gesummv": ("linear-algebra/blas/gesummv", "LARGE", "1.5 1.2", "A[N,N] B[N,N] tmp[N] x[N] y[N]"),
    "symm": ("linear-algebra/blas/symm", "MEDIUM", "1.5 1.2", "C[M,N] A[M,M] B[M,N]"),
    "syr2k": ("linear-algebra/blas/syr2k", "MEDIUM", "1.5 1.2", "C[N,N] A[N,M] B[N,M]"),
    "syrk": ("linear-algebra/blas/syrk", "MEDIUM", "1.5 1.2", "C[N,N] A[N,M]"),
    "trmm": ("linear-algebra/blas/trmm", "MEDIUM", "1.5", "A[M,M] B[M,N]"),
    "k2mm": ("linear-algebra/kernels/2mm", "MEDIUM", "1.5 1.2", "tmp[NI,NJ] A[NI,NK] B[NK,NJ] C[NJ,NL] D[NI,NL]"),
    "k3mm": ("linear-algebra/kernels/3mm", "MEDIUM", "",
             "E[NI,NJ] A[NI,NK] B[NK,NJ] F[NJ,NL] C[NJ,NM] D[NM,NL] G[NI,NL]"),
    "atax": ("linear-algebra/kernels/atax", "LARGE", "", "A[M,N] x[N] y[N] tmp[M]"),
    "bicg": ("linear-algebra/kernels/bicg", "LARGE", "", "A[N,M] s[M] q[N] p[M] r[N]"),
    "doitgen": ("linear-algebra/kernels/doitgen", "MEDIUM", "", "A[NR,NQ,NP] sum[NP] C4[NP,NP]"),
    "mvt": ("linear-algebra/kernels/mvt", "LARGE", "", "A[N,N] x1[N] x2[N] y_1[N] y_2[N]"),
    "cholesky": ("linear-algebra/solvers/cholesky", "MEDIUM", "", "A[N,N]"),
    "durbin": ("linear-algebra/solvers/durbin", "LARGE", "", "r[N] y[N]"),
    "gramschmidt": ("linear-algebra/solvers/gramschmidt", "MEDIUM", "", "A[M,N] R[N,N] Q[M,N]"),
    "lu": ("linear-algebra/solvers/lu", "MEDIUM", "", "A[N,N]"),
    "ludcmp": ("linear-algebra/solvers/ludcmp", "MEDIUM", "", "A[N,N] b[N] x[N] y[N]"),
    "trisolv": ("linear-algebra/solvers/trisolv", "LARGE", "", "L[N,N] x[N] b[N]"),
    "deriche": ("medley/deriche", "MEDIUM", "0.25", "imgIn[W,H] imgOut[W,H] y1[W,H] y2[W,H]"),
    "floyd_warshall": ("medley/floyd-warshall", "MEDIUM", "", "path[N,N]"),
    "nussinov": ("medley/nussinov", "MEDIUM", "", "seq[N] table[N,N]"),
    "adi": ("stencils/adi", "MEDIUM", "TSTEPS", "u[N,N] v[N,N] p[N,N] q[N,N]"),
    "fdtd_2d": ("stencils/fdtd-2d", "MEDIUM", "", "ex[NX,NY] ey[NX,NY] hz[NX,NY] fict[TMAX]"),
    "heat_3d": ("stencils/heat-3d", "MEDIUM", "TSTEPS", "A[N,N,N] B[N,N,N]"),
    "jacobi_1d": ("stencils/jacobi-1d", "EXTRALARGE", "TSTEPS", "A[N] B[N]"),
    "jacobi_2d": ("stencils/jacobi-2d", "MEDIUM", "TSTEPS", "A[N,N] B[N,N]"),
    "seidel_2d": ("stencils/seidel-2d", "MEDIUM", "TSTEPS", "A[N,N]"),
}
WHOLE_NUMBERS = {"floyd_warshall", "nussinov"}
FLAGS = ["-O3", "-march=native", "-ffp-contract=off", "-shared", "-fPIC", "-w", "-DPOLYBENCH_TIME", "-DPOLYBENCH_USE_RESTRICT",
         "-DPOLYBENCH_USE_C99_PROTO"]

WRAPPER = """// {source}, as it is, with its sizes in variables and its timer and allocator handed in.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <polybench.h>
{index}
{sizes}
#define main benchmark_main
#include "{source}"
#undef main
#undef int
void *(*hook_alloc)(unsigned long long, int);
void (*hook_start)(void), (*hook_stop)(void);
void *polybench_alloc_data(unsigned long long n, int size) {{ return hook_alloc(n, size); }}
void polybench_timer_start() {{ hook_start(); }}
void polybench_timer_stop() {{ hook_stop(); }}
void polybench_timer_print() {{}}
void run_benchmark(void) {{
  char *argv[] = {{"benchmark", 0}};
  benchmark_main(1, argv);
}}
"""


def sizes_of(header, data_set):
    block = re.search(rf"ifdef {data_set}_DATASET(.*?)endif", header.read_text(), re.S).group(1)
    return {name: int(value) for name, value in re.findall(r"define\s+(\w+)\s+(\d+)", block)}


def shape(text, sizes):
    name, dims = re.fullmatch(r"(\w+)\[([\w,]+)\]", text).groups()
    return name, [sizes[d] for d in dims.split(",")]


def scalar(text, sizes):
    if text.endswith(":f"):
        return f"f:{sizes[text[:-2]]}"
    return f"i:{sizes[text]}" if text in sizes else f"f:{text}"


def build(name, args, scratch):
    folder, data_set, scalars, arrays = BENCHMARKS[name]
    base = args.polybench.resolve()
    stem = folder.rsplit("/", 1)[1]
    source = base / folder / f"{stem}.c"
    sizes = sizes_of(source.with_suffix(".h"), data_set)
    integer = "long" if args.index == "int64" else "int"
    text = WRAPPER.format(
        source=source, index=f"#define int {integer}" if integer != "int" else "",
        sizes="\n".join(f"{integer} size_{k} = {v};\n#define {k} size_{k}" for k, v in sizes.items()))
    c_file = scratch / f"{name}.c"
    c_file.write_text(text)
    library = scratch / f"{name}.so"
    data = [] if name in WHOLE_NUMBERS else ["-DDATA_TYPE_IS_DOUBLE"]
    subprocess.run([args.clang, *FLAGS, *data, f"-I{base / 'utilities'}", f"-I{source.parent}", str(c_file), "-o", str(library), "-lm"],
                   check=True)
    if args.keep_asm:
        subprocess.run([args.clang, *FLAGS, *data, f"-I{base / 'utilities'}", f"-I{source.parent}", str(c_file), "-S", "-o",
                        str(scratch / f"{name}.s")], check=True)
    words = [scalar(s, sizes) for s in scalars.split()]
    words += ["a:" + "x".join(map(str, shape(a, sizes)[1])) for a in arrays.split()]
    kernels = folder.split("/")[0].replace("-", "_") + ".py"
    return " ".join([name, kernels, str(library), *words])


def main():
    here = pathlib.Path(__file__).resolve().parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("polybench", type=pathlib.Path)
    parser.add_argument("kernels", nargs="*")
    parser.add_argument("--program", type=pathlib.Path, default=here.parents[2] / "build/release/bin/perf_polybench")
    parser.add_argument("--clang", default="clang-22")
    parser.add_argument("--index", choices=("int64", "int"), default="int64")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--scratch", type=pathlib.Path, help="keep what is built here")
    parser.add_argument("--keep-asm", action="store_true", help="also write clang's assembly to the scratch folder")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        scratch = args.scratch or pathlib.Path(temporary)
        scratch.mkdir(parents=True, exist_ok=True)
        names = args.kernels or list(BENCHMARKS)
        with concurrent.futures.ThreadPoolExecutor(max_workers=max(1, (os.cpu_count() or 2) // 2)) as pool:
            lines = list(pool.map(lambda name: build(name, args, scratch), names))
        manifest = scratch / "manifest.txt"
        manifest.write_text("\n".join(lines) + "\n")
        return subprocess.run([str(args.program), str(here / "kernels"), str(manifest), str(args.repeat)]).returncode


if __name__ == "__main__":
    sys.exit(main())
