"""cuda.jit: Python functions become kernels, compiled for the types that they are launched with."""

import functools
import types as python_types

from .. import _decorators, _kjit
from .. import types as _types
from ._device import chosen

_OPTIONS = ("device", "fastmath", "inline", "cache", "opt", "max_registers", "launch_bounds", "lineinfo", "debug", "fma")
_REFUSED = {"link": "linking foreign device code", "lto": "link-time optimisation"}


def _dimensions(given, what):
    items = given if isinstance(given, (tuple, list)) else (given,)
    if not 1 <= len(items) <= 3:
        raise ValueError(f"{what} have 1 to 3 axes, {len(items)} given")
    out = []
    for item in items:
        if not hasattr(item, "__index__"):
            raise TypeError(f"{what} are integers, not {type(item).__name__}")
        out.append(item.__index__())
        if not 0 <= out[-1] < 2**32:
            raise ValueError(f"{out[-1]} of {what} cannot be launched")
    return out


class Kernel:
    """A function with @cuda.jit: kernel[blocks, threads, stream, shared_bytes](arguments) launches it."""

    def __init__(self, function, signatures, options):
        self.kernel = _decorators.cuda_kernel(function, signatures, options)
        self._configured = {}
        self._bounds = options.get("launch_bounds")
        functools.update_wrapper(self, function)

    @property
    def py_func(self):
        return self.kernel.py_func

    def __getitem__(self, configuration):
        try:
            return self._configured[configuration]
        except KeyError:
            pass
        except TypeError:  # a list of blocks
            return self._launcher(configuration)
        if len(self._configured) >= 128:
            self._configured.clear()
        made = self._configured[configuration] = self._launcher(configuration)
        return made

    def _launcher(self, configuration):
        if not isinstance(configuration, tuple) or not 2 <= len(configuration) <= 4:
            raise ValueError("a kernel is launched as kernel[blocks, threads](arguments), with a stream and bytes of shared memory "
                             "after them where wanted")
        blocks, threads, stream, shared = (*configuration, *(0, 0)[len(configuration) - 2 :])
        shared_bytes, = _dimensions(shared, "bytes of shared memory")
        return _kjit.cuda_configure(self.kernel, _dimensions(blocks, "blocks"), _dimensions(threads, "threads"), chosen(stream),
                                    shared_bytes)

    def configure(self, griddim, blockdim, stream=0, sharedmem=0):
        return self[griddim, blockdim, stream, sharedmem]

    def __call__(self, *_, **__):
        raise ValueError(f"'{self.__name__}' is a CUDA kernel, which is launched: {self.__name__}[blocks, threads](...)")

    def forall(self, ntasks, tpb=0, stream=0, sharedmem=0):
        """The kernel with `ntasks` threads at least, `tpb` in a block; 0: 256, or the most that launch_bounds allow."""
        if ntasks < 0 or tpb < 0:
            raise ValueError("forall: negative numbers cannot be launched")
        most = self._bounds[0] if isinstance(self._bounds, tuple) else self._bounds
        threads = tpb or min(most or 256, 256)
        return self[max(-(-ntasks // threads), 1), threads, stream, sharedmem]

    # --- what it was compiled to

    @property
    def signatures(self):
        """The argument types of its launches, a list of tuples of texts."""
        return _kjit.cuda_launched(self.kernel)

    def _figure(self, name, signature):
        if signature is None:
            return _kjit.cuda_only_figures(self.kernel)[name]
        return _kjit.cuda_figures(self.kernel)[signature][name]

    def get_regs_per_thread(self, signature=None):
        return self._figure("registers", signature)

    def get_shared_mem_per_block(self, signature=None):
        return self._figure("shared", signature)

    def get_local_mem_per_thread(self, signature=None):
        return self._figure("local", signature)

    def get_max_threads_per_block(self, signature=None):
        return self._figure("max_threads", signature)

    def inspect_asm(self, signature=None):
        """The PTX: of a signature of `signatures`, or without one a dict of all."""
        if signature is not None:
            return self._figure("ptx", signature)
        return {types: of["ptx"] for types, of in _kjit.cuda_figures(self.kernel).items()}

    inspect_ptx = inspect_asm

    def __repr__(self):
        return f"<kjit CUDA kernel {self.__name__}>"


def jit(func_or_sig=None, **options):
    """`@cuda.jit`, `@cuda.jit(...)`, with a signature or a list of them and Numba's options; device=True: for kernels to call."""
    for name in options:
        if name in _REFUSED and options[name]:
            raise NotImplementedError(f"{_REFUSED[name]} ({name}=) is not supported")
        if name not in _OPTIONS and name not in _REFUSED:
            raise TypeError(f"cuda.jit() got an unexpected option '{name}'; it knows {', '.join(_OPTIONS)}")
    options = {name: value for name, value in options.items() if name not in _REFUSED}
    if isinstance(options.get("inline"), bool):
        options["inline"] = "always" if options["inline"] else "never"

    def decorate(function, signatures):
        if isinstance(function, Kernel):
            return function
        if not isinstance(function, python_types.FunctionType):
            raise TypeError(f"cuda.jit() takes a function of Python, not {type(function).__name__}")
        if options.get("device"):
            return _decorators.cuda_kernel(function, signatures, options)
        return Kernel(function, signatures, options)

    first = func_or_sig
    if isinstance(first, (python_types.FunctionType, Kernel)):
        return decorate(first, None)
    if callable(first) and not isinstance(first, (_types.Type, _types.Signature)) and not type(first).__module__.startswith("numba."):
        raise TypeError(f"cuda.jit() takes a function of Python, not {type(first).__name__}")
    return lambda function: decorate(function, first)
