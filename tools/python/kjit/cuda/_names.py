"""Names that mean something in kernels only: they are there, so that programs import, and say so where they are used elsewhere."""

import types as python_types


class OnDevice:
    """cuda.grid, cuda.threadIdx and their like."""

    def __init__(self, name, module="kjit.cuda"):
        self.__name__ = name
        self.__module__ = module
        self._shown = f"{module[len('kjit.'):]}.{name}"

    def __call__(self, *_, **__):
        raise RuntimeError(f"{self._shown} is for kernels with @cuda.jit")

    def __getattr__(self, name):
        if name not in ("x", "y", "z"):
            raise AttributeError(f"{self._shown} has no attribute '{name}'")
        raise RuntimeError(f"{self._shown}.{name} is for kernels with @cuda.jit")

    def __repr__(self):
        return f"<{self._shown}, for kernels>"


def module(name, members):
    """cuda.shared, cuda.atomic and their like."""
    out = python_types.ModuleType(f"kjit.cuda.{name}")
    for member in members:
        setattr(out, member, OnDevice(member, out.__name__))
    return out


FUNCTIONS = ("grid", "gridsize", "threadIdx", "blockIdx", "blockDim", "gridDim", "laneid", "warpsize", "syncthreads",
             "syncthreads_count", "syncthreads_and", "syncthreads_or", "syncwarp", "threadfence", "threadfence_block",
             "threadfence_system", "nanosleep", "shfl_sync", "shfl_up_sync", "shfl_down_sync", "shfl_xor_sync", "all_sync",
             "any_sync", "eq_sync", "ballot_sync", "match_any_sync", "match_all_sync", "activemask", "lanemask_lt", "popc", "clz",
             "ffs", "brev", "fma", "cbrt", "selp")
MODULES = {
    "shared": ("array",), "local": ("array",), "const": ("array_like",),
    "cg": ("this_grid",),
    "atomic": ("add", "sub", "min", "max", "nanmin", "nanmax", "exch", "cas", "compare_and_swap", "and_", "or_", "xor", "inc", "dec"),
}
RANDOM = ("xoroshiro128p_next", "xoroshiro128p_uniform_float32", "xoroshiro128p_uniform_float64", "xoroshiro128p_normal_float32",
          "xoroshiro128p_normal_float64")
