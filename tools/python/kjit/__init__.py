"""kjit: compiles numeric kernels, written in the Numba subset of Python.

    import kjit as nb
    import numpy as np

    @nb.njit
    def norm(a):
        return np.sqrt((a * a).sum())

    norm(np.ones(4))  # 2.0

Decorated functions: jit, njit, prange, vectorize; GPUs: kjit.cuda. Kernel files: `kjit.load("file.py").kernel(a, b)`; texts: `kjit.compile(text)`.
"""

import threading as _threading

from . import _kjit, cuda, types
from ._decorators import CompilationError, CompilationWarning, ReadonlyError, SignatureError, jit, njit, pndindex, prange
from ._files import Module, compile, load  # noqa: A004
from ._kjit import Dispatcher, __version__
from ._threads import (get_num_threads, get_parallel_chunksize, get_thread_id, parallel_chunksize, set_num_threads,
                       set_parallel_chunksize, threads)
from ._vectorize import guvectorize, stencil, vectorize
from .types import *  # noqa: F403
from .types import __all__ as _types

if _threading.current_thread() is _threading.main_thread():
    _kjit.watch_interrupts()

__all__ = ["CompilationError", "CompilationWarning", "Dispatcher", "Module", "ReadonlyError", "SignatureError", "compile", "cuda", "get_num_threads",
           "get_parallel_chunksize", "get_thread_id", "guvectorize", "jit", "load", "njit", "parallel_chunksize", "pndindex", "prange", "set_num_threads",
           "set_parallel_chunksize", "stencil", "threads", "types", "vectorize", "__version__", *_types]
