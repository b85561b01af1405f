"""GPUs, in numba.cuda's words.

    from kjit import cuda
    import numpy as np

    @cuda.jit
    def axpy(y, x, a):
        i = cuda.grid(1)
        if i < y.size:
            y[i] += a * x[i]

    x = cuda.to_device(np.ones(1000, np.float32))
    y = cuda.device_array_like(x)
    axpy[8, 128](y, x, 0.5)
    y.copy_to_host()

Without a GPU KJIT_CUDA_SIM=1 runs kernels on the CPU. Arrays of PyTorch, CuPy and others are arguments as they are.
"""

import sys as _sys

from .. import types  # noqa: F401
from . import _names, random
from ._array import (DeviceNDArray, as_cuda_array, device_array, device_array_like, from_cuda_array_interface, from_dlpack,
                     is_cuda_array, managed_array, mapped_array, mapped_array_like, pinned, pinned_array, pinned_array_like, to_device)
from ._device import (Device, Event, Stream, close, current_context, default_stream, detect, device_count, empty_cache, event,
                      event_elapsed_time, external_stream, get_current_device, gpus, is_available, is_simulated,
                      legacy_default_stream, list_devices, max_memory_allocated, max_memory_reserved, memory_allocated,
                      memory_reserved, memory_summary, reset_peak_memory_stats, select_device, simulate, stream, synchronize)
from ._kernel import Kernel, jit

for _name in _names.FUNCTIONS:
    globals()[_name] = _names.OnDevice(_name)
for _name, _members in _names.MODULES.items():
    globals()[_name] = _sys.modules[f"{__name__}.{_name}"] = _names.module(_name, _members)

__all__ = ["Device", "DeviceNDArray", "Event", "Kernel", "Stream", "as_cuda_array", "close", "current_context", "default_stream",
           "detect", "device_array", "device_array_like", "device_count", "empty_cache", "event", "event_elapsed_time",
           "external_stream", "from_cuda_array_interface", "from_dlpack", "get_current_device", "gpus", "is_available", "is_cuda_array",
           "is_simulated", "jit", "legacy_default_stream", "list_devices", "managed_array", "mapped_array", "mapped_array_like",
           "max_memory_allocated", "max_memory_reserved", "memory_allocated", "memory_reserved", "memory_summary", "pinned",
           "pinned_array", "pinned_array_like", "random", "reset_peak_memory_stats", "select_device", "simulate", "stream", "synchronize",
           "to_device", *_names.FUNCTIONS, *_names.MODULES]
