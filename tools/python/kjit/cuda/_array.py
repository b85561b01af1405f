"""Arrays of the device. Shapes of views are NumPy's, of an array that has the device's addresses and is never read."""

import math

import numpy as np

from .. import _kjit
from ._device import chosen, is_simulated, synchronize

_DLPACK_CPU, _DLPACK_CUDA, _DLPACK_MANAGED = 1, 2, 13
_NOWHERE = 1 << 46  # where an array without elements begins


class _Geometry:
    def __init__(self, array):
        self.__array_interface__ = {"version": 3, "shape": array.shape, "strides": array.strides, "typestr": array.dtype.str,
                                    "data": (array._address if array.size else _NOWHERE, False)}


def _address_of(geometry):
    return geometry.__array_interface__["data"][0]


class DeviceNDArray(_kjit.DeviceArray):
    """An array of the device, or a view of one. Kernels take it; index it with numbers, slices, `...` and None."""

    __array_priority__ = 1000

    @property
    def T(self):
        return self.transpose()

    @property
    def alloc_size(self):
        return self.nbytes

    @property
    def itemsize(self):
        return self.dtype.itemsize

    @property
    def is_c_contig(self):
        return self.is_c_contiguous()

    def _of(self, geometry):
        address = _address_of(geometry) if self.size and geometry.size else self._address
        return type(self)(self._view(address, geometry.shape, geometry.strides, geometry.dtype))

    def _geometry(self):
        return np.asarray(_Geometry(self))

    def transpose(self, axes=None):
        return self._of(self._geometry().transpose(axes))

    def reshape(self, *shape, order="C"):
        """A view of an array that is contiguous in that order; NotImplementedError for others."""
        if len(shape) == 1 and isinstance(shape[0], (tuple, list)):
            shape = tuple(shape[0])
        if not (self.is_f_contiguous() if order == "F" else self.is_c_contiguous()):
            raise NotImplementedError("reshape of a device array that is not contiguous: copy it to the host first")
        return self._of(self._geometry().reshape(shape, order=order))

    def ravel(self, order="C"):
        return self.reshape(-1, order="F" if order == "F" else "C")

    def view(self, dtype):
        """The same memory with elements of another dtype."""
        return self._of(self._geometry().view(dtype))

    def squeeze(self, axis=None):
        return self._of(self._geometry().squeeze(axis))

    # --- elements

    def _selected(self, index):
        """(the view, whether the index names one element)."""
        parts = index if isinstance(index, tuple) else (index,)
        for part in parts:
            if isinstance(part, (bool, np.bool_, list, np.ndarray, _kjit.DeviceArray)):
                raise NotImplementedError("arrays on a device are indexed by numbers and slices")
        named = len(parts) == self.ndim and all(hasattr(part, "__index__") for part in parts)
        if not any(part is Ellipsis for part in parts):
            parts += (Ellipsis,)  # always an array, never an element, which NumPy would read
        return self._of(self._geometry()[parts]), named

    def __getitem__(self, index):
        view, named = self._selected(index)
        return view.copy_to_host()[()] if named else view

    def __setitem__(self, index, value):
        self._selected(index)[0].copy_to_device(value)

    def setitem(self, index, value, stream=0):
        self._selected(index)[0].copy_to_device(value, stream)

    def getitem(self, index, stream=0):
        view, named = self._selected(index)
        return view.copy_to_host(stream=stream)[()] if named else view

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of an array without axes")
        return self.shape[0]

    def __iter__(self):
        return (self[i] for i in range(len(self)))

    def __bool__(self):
        return bool(self.copy_to_host())

    # --- copies

    def _block(self):
        """(address, bytes) of the memory that the elements lie in."""
        if self.size == 0:
            return self._address, 0
        reach = [(n - 1) * s for n, s in zip(self.shape, self.strides)]
        low = sum(r for r in reach if r < 0)
        return self._address + low, sum(abs(r) for r in reach) + self.dtype.itemsize

    def _fetched(self, stream):
        """(the block's bytes on the host, this array in them), for what is not contiguous."""
        address, count = self._block()
        block = np.empty(count, np.uint8)
        self._copy_out(address, block, count, stream)
        if stream is not None:
            stream.synchronize()
        return block, np.ndarray(self.shape, self.dtype, block, self._address - address, self.strides)

    def copy_to_host(self, ary=None, stream=0):
        """The elements as an array of the host: a new one, or `ary`, of this shape and dtype. With a stream it is written until
        the stream has been waited for."""
        stream = chosen(stream)
        in_columns = self.is_f_contiguous() and not self.is_c_contiguous()
        out = np.empty(self.shape, self.dtype, "F" if in_columns else "C") if ary is None else ary
        if not isinstance(out, np.ndarray):
            raise TypeError(f"copy_to_host: an array of NumPy is expected, not {type(out).__name__}")
        _check_same(self, out, "copy_to_host")
        if not out.flags.writeable:
            raise ValueError("copy_to_host: the array is read-only")
        if _same_order(self, out):
            self._copy_out(self._address, out, self.nbytes, stream)
            if stream is not None:
                stream.keep(out)
        elif self.is_c_contiguous() or in_columns:
            out[...] = self.copy_to_host(stream=_waited(stream))
        else:
            out[...] = self._fetched(stream)[1]
        return out

    def copy_to_device(self, ary, stream=0):
        """Elements from an array of the host or of the device, or a number; broadcast as NumPy does."""
        stream = chosen(stream)
        if isinstance(ary, _kjit.DeviceArray):
            ary = ary.copy_to_host()
        if isinstance(ary, np.ndarray) and ary.shape == self.shape and ary.dtype == self.dtype and _same_order(self, ary):
            rows = ary
        elif self.is_c_contiguous() or self.is_f_contiguous():
            rows = np.empty(self.shape, self.dtype, "C" if self.is_c_contiguous() else "F")
            rows[...] = ary
        else:
            block, inside = self._fetched(_waited(stream))
            inside[...] = ary
            address, count = self._block()
            self._copy_in(address, block, count, None)
            return
        self._copy_in(self._address, rows, self.nbytes, stream)
        if stream is not None:
            stream.keep(rows)

    def free(self):
        """Lets go of the memory now; any later use is a RuntimeError. Views keep it."""
        self._free()

    def __array__(self, dtype=None, copy=None):
        raise TypeError("an array of the device is no array of the host: copy_to_host() makes one")

    # --- for other libraries

    def __getattr__(self, name):
        if name == "__cuda_array_interface__" and not is_simulated():
            return {"version": 3, "shape": self.shape, "typestr": self.dtype.str, "data": (self._address, False),
                    "strides": None if self.is_c_contiguous() else self.strides, "stream": 1}
        raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")

    def __dlpack_device__(self):
        return (_DLPACK_CPU if is_simulated() else _DLPACK_CUDA, 0)

    def __dlpack__(self, *, stream=None, max_version=None, dl_device=None, copy=None):
        """A capsule with the memory. `stream`: the consumer's, which then need not wait for anything."""
        if copy:
            raise BufferError("__dlpack__: copies are not made here")
        if dl_device is not None and tuple(dl_device) != self.__dlpack_device__():
            raise BufferError("__dlpack__: arrays stay on their device; copy_to_host() copies")
        if is_simulated() and stream is not None:
            raise ValueError("__dlpack__: arrays of the CPU have no stream")
        if stream == 0:
            raise ValueError("__dlpack__: stream 0 says nothing; None, -1, 1, 2 or a stream is expected")
        if stream not in (None, -1, 1):
            synchronize()  # a stream of somebody else's
        return _kjit.cuda_to_dlpack(self, max_version is not None and tuple(max_version) >= (1, 0))

    def __repr__(self):
        return f"<device array of {self.dtype}, shape {self.shape}>"


def _waited(stream):
    if stream is not None:
        stream.synchronize()


def _same_order(device, host):
    return (device.is_c_contiguous() and host.flags.c_contiguous) or (device.is_f_contiguous() and host.flags.f_contiguous)


def _check_same(device, host, what):
    if device.dtype != host.dtype:
        raise TypeError(f"{what}: the device's array is of {device.dtype}, the host's of {host.dtype}")
    if device.shape != host.shape:
        raise ValueError(f"{what}: the device's array has shape {device.shape}, the host's {host.shape}")


def _shape(shape):
    return [n.__index__() for n in (shape if isinstance(shape, (tuple, list)) else (shape,))]


def device_array(shape, dtype=np.float64, strides=None, order="C", stream=0):
    """An array whose elements nobody has set."""
    if strides is not None:
        raise NotImplementedError("device_array: strides are those of order='C' or 'F'")
    if order not in ("C", "F", "A"):
        raise ValueError(f"device_array: order {order!r} is neither 'C' nor 'F'")
    chosen(stream)
    shape, dtype, steps = _shape(shape), np.dtype(dtype), []
    if order == "F":
        for n in shape:
            steps.append(dtype.itemsize * math.prod(shape[: len(steps)]))
    return DeviceNDArray(_kjit.cuda_allocate(shape, dtype, steps))


def device_array_like(ary, stream=0):
    """An array of the shape, dtype and order of another, of the host or of the device."""
    if isinstance(ary, _kjit.DeviceArray):
        in_columns = ary.is_f_contiguous() and not ary.is_c_contiguous()
    else:
        ary = np.asarray(ary)
        in_columns = ary.flags.f_contiguous and not ary.flags.c_contiguous
    return device_array(ary.shape, ary.dtype, order="F" if in_columns else "C", stream=stream)


def to_device(obj, stream=0, copy=True, to=None):
    """An array of the host on the device: a new array, or `to`, of the same shape and dtype. An array of the device is given back."""
    if to is None and is_cuda_array(obj):
        return as_cuda_array(obj)
    source = np.asarray(obj) if not isinstance(obj, _kjit.DeviceArray) else obj
    if to is None:
        to = device_array_like(source)
    elif not isinstance(to, DeviceNDArray):
        raise TypeError(f"to_device: 'to' is an array of the device, not {type(to).__name__}")
    else:
        _check_same(to, source, "to_device")
    if copy:
        to.copy_to_device(source, stream)
    return to


def pinned_array(shape, dtype=np.float64, strides=None, order="C"):
    """An array of the host that copies use without detours."""
    if strides is not None:
        raise NotImplementedError("pinned_array: strides are those of order='C' or 'F'")
    shape, dtype = _shape(shape), np.dtype(dtype)
    if any(n < 0 for n in shape):
        raise ValueError("negative dimensions are not allowed")
    return _kjit.cuda_pinned(math.prod(shape) * dtype.itemsize).view(dtype).reshape(shape, order=order)


def pinned_array_like(ary):
    return pinned_array(ary.shape, ary.dtype, order="F" if ary.flags.f_contiguous and not ary.flags.c_contiguous else "C")


def mapped_array(*_, **__):
    raise NotImplementedError("arrays of the host that kernels see are not supported: cuda.to_device() copies, cuda.pinned_array() "
                              "makes copies quick")


managed_array = mapped_array_like = mapped_array


class pinned:
    """with cuda.pinned(a): copies of `a` work in the block as outside of it; memory that is there already is not pinned."""

    def __init__(self, *arrays):
        self.arrays = arrays

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


# --- arrays of other libraries

def is_cuda_array(obj):
    return isinstance(obj, _kjit.DeviceArray) or hasattr(obj, "__cuda_array_interface__")


def as_cuda_array(obj, sync=True):
    """An object with __cuda_array_interface__ as an array of ours, of the same memory, which it keeps alive."""
    if isinstance(obj, _kjit.DeviceArray):
        return obj
    if not hasattr(obj, "__cuda_array_interface__"):
        raise TypeError(f"{type(obj).__name__} has no __cuda_array_interface__")
    return from_cuda_array_interface(obj.__cuda_array_interface__, obj, sync)


def from_cuda_array_interface(desc, owner=None, sync=True):
    """An array of the memory that a dict of the interface describes; `owner` is kept alive."""
    if desc.get("version", 0) < 1:
        raise TypeError("__cuda_array_interface__ has no version")
    if desc.get("mask") is not None:
        raise NotImplementedError("masked arrays of a device are not supported")
    dtype = np.dtype(desc["typestr"])
    if not dtype.isnative:
        raise TypeError(f"the array is not in this machine's byte order: {desc['typestr']}")
    stream = desc.get("stream")
    if stream == 0:
        raise ValueError("__cuda_array_interface__: stream 0 says nothing; None, 1, 2 or a stream is expected")
    if sync and stream not in (None, 1):
        synchronize()  # a stream of somebody else's
    address = desc["data"][0] or 0
    return DeviceNDArray(_kjit.cuda_borrow(address, list(desc["shape"]), dtype, list(desc.get("strides") or ()), owner))


def from_dlpack(obj):
    """An object with __dlpack__ on the device as an array of ours, of the same memory, which it keeps alive."""
    if isinstance(obj, _kjit.DeviceArray):
        return obj
    if not hasattr(obj, "__dlpack__"):
        raise TypeError(f"{type(obj).__name__} has no __dlpack__")
    arguments = {} if is_simulated() else {"stream": 1}  # what we do in streams of our own waits for the default one
    try:
        capsule = obj.__dlpack__(max_version=(1, 0), **arguments)
    except TypeError:  # older than versions
        capsule = obj.__dlpack__(**arguments)
    return DeviceNDArray(_kjit.cuda_from_dlpack(capsule))


def adopted(obj):
    """What launches and functions make of an argument that they do not know; None: it is no array of a device."""
    if hasattr(obj, "__cuda_array_interface__"):
        return as_cuda_array(obj)
    if hasattr(obj, "__dlpack_device__") and obj.__dlpack_device__()[0] in (_DLPACK_CUDA, _DLPACK_MANAGED):
        return from_dlpack(obj)
    return None


_kjit.set_cuda_classes(DeviceNDArray, adopted)
