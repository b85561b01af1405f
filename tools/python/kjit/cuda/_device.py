"""Devices, streams, events and figures of memory; what the environment says when the package is imported."""

import collections
import contextlib
import os

from .. import _kjit


def _is_set(name):
    return os.environ.get(name, "0") not in ("", "0")


def _cache_directory():
    """KJIT_CACHE_DIR, empty for none; otherwise below the user's directory for such."""
    own = os.environ.get("KJIT_CACHE_DIR")
    if own is not None:
        return own
    for name, inner in (("XDG_CACHE_HOME", "kjit"), ("HOME", ".cache/kjit")):
        if os.environ.get(name, "").startswith("/"):
            return os.path.join(os.environ[name], inner)
    return ""


def _options(simulator):
    libdevice = next((os.environ[n] for n in ("CUDA_HOME", "CUDA_PATH") if os.environ.get(n)), "")
    return _kjit.set_cuda_options(simulator, os.environ.get("KJIT_LIBCUDA", ""), _cache_directory(), libdevice)


_simulates = _is_set("KJIT_CUDA_SIM") or _is_set("NUMBA_ENABLE_CUDASIM")
_options(_simulates)


def simulate(on=True):
    """Kernels run on the CPU, thread by thread, with checks, and arrays of the device are in the host's memory. Said before the
    first kernel of the process is compiled and the device first used, else RuntimeError. KJIT_CUDA_SIM=1 says it from outside."""
    global _simulates
    if bool(on) != _simulates and not _options(bool(on)):
        raise RuntimeError("cuda.simulate() comes before the first kernel is compiled and the device is first used; "
                           "KJIT_CUDA_SIM=1 in the environment says it from outside")
    _simulates = bool(on)


def is_simulated():
    return _simulates


def is_available():
    """Whether kernels can be launched: there is a driver with a device, or the simulator."""
    try:
        return _kjit.cuda_properties()["devices"] > 0
    except RuntimeError:
        return False


def device_count():
    """Devices of the machine; 0 without a driver."""
    try:
        return _kjit.cuda_properties()["devices"]
    except RuntimeError:
        return 0


MemoryInfo = collections.namedtuple("MemoryInfo", "free total")


class Device:
    """The device that kernels run on, and its context, which are one here."""

    id = 0
    WARP_SIZE = 32

    def __init__(self):
        found = _kjit.cuda_properties()
        self.name = found["name"]
        self.compute_capability = found["compute_capability"]
        self.MULTIPROCESSOR_COUNT = found["multiprocessors"]
        self.MAX_THREADS_PER_BLOCK = found["max_threads"]
        self.total_memory = found["total"]

    @property
    def device(self):
        return self

    def get_memory_info(self):
        """(free, total) in bytes."""
        found = _kjit.cuda_properties()
        return MemoryInfo(found["free"], found["total"])

    def synchronize(self):
        synchronize()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def __repr__(self):
        return f"<CUDA device 0 '{self.name}'>"


def get_current_device():
    return Device()


def current_context(devnum=None):
    if devnum is not None:
        _check_number(devnum)
    return Device()


def _check_number(number):
    count = _kjit.cuda_properties()["devices"]
    if not 0 <= number < count:
        raise ValueError(f"there is no CUDA device {number}: the machine has {count}")
    if number != 0:
        raise NotImplementedError(f"kjit uses device 0: CUDA_VISIBLE_DEVICES={number} makes device {number} that one")


def select_device(device_id):
    _check_number(device_id)
    return Device()


class _Devices:
    """cuda.gpus: device 0, as a list."""

    @property
    def current(self):
        return Device()

    @property
    def lst(self):
        return list(self)

    def __len__(self):
        return min(device_count(), 1)

    def __getitem__(self, index):
        if not 0 <= index < len(self):
            raise IndexError(f"CUDA device {index}: kjit uses {len(self)}")
        return Device()

    def __iter__(self):
        return (Device() for _ in range(len(self)))

    def __repr__(self):
        return f"<CUDA devices {self.lst}>"


gpus = _Devices()


def list_devices():
    return gpus


def detect():
    """Prints what there is; whether kernels can be launched."""
    try:
        one = Device()
    except RuntimeError as problem:
        print(problem)
        return False
    print(f"Found {device_count()} CUDA devices\nid 0    {one.name}    compute capability {one.compute_capability[0]}."
          f"{one.compute_capability[1]}")
    return True


def synchronize():
    """Waits for everything on the device. What went wrong in kernels is raised here at the latest."""
    _kjit.cuda_synchronize()


def close():
    """Waits for the device; its memory goes with the arrays."""
    if is_available():
        synchronize()


class Stream(_kjit.CudaStream):
    """Work in an order of its own; the default stream waits for it, and it for that."""

    def synchronize(self):
        if self._is_default:
            synchronize()
        else:
            self._synchronize()
        self.__dict__.pop("_kept", None)

    def keep(self, array):
        """Until the stream has been waited for: a host array that a copy under way writes or reads."""
        self.__dict__.setdefault("_kept", []).append(array)

    @contextlib.contextmanager
    def auto_synchronize(self):
        yield self
        self.synchronize()

    def __bool__(self):
        return not self._is_default

    def __repr__(self):
        return "<CUDA default stream>" if self._is_default else "<CUDA stream>"


def stream():
    return Stream(_kjit.cuda_stream())


def default_stream():
    return Stream(_kjit.cuda_default_stream())


legacy_default_stream = default_stream


def external_stream(ptr):
    raise NotImplementedError("streams of other libraries are not supported: cuda.stream() makes one; kernels in the default stream "
                              "wait for the default stream of PyTorch and CuPy")


def chosen(given):
    """A stream argument: None for the default one."""
    if given is None or isinstance(given, int) and given == 0:
        return None
    if isinstance(given, Stream):
        return None if given._is_default else given
    raise TypeError(f"{given!r} is no CUDA stream")


class Event(_kjit.CudaEvent):
    """A place in the work of a stream."""

    def record(self, stream=0):
        self._record(chosen(stream))

    def wait(self, stream=0):
        """Later work of the stream waits for the event."""
        self._wait(chosen(stream))


def event(timing=True):
    return Event(_kjit.cuda_event(bool(timing)))


def event_elapsed_time(evtstart, evtend):
    """Milliseconds between two events with timing that are recorded and reached."""
    return evtstart.elapsed_time(evtend)


def _figure(name):
    return lambda: _kjit.cuda_properties()[name]


memory_allocated = _figure("allocated")
max_memory_allocated = _figure("max_allocated")
memory_reserved = _figure("reserved")
max_memory_reserved = _figure("max_reserved")


def reset_peak_memory_stats():
    _kjit.cuda_reset_peak()


def empty_cache():
    """Gives the device back what arrays have left."""
    _kjit.cuda_empty_cache()


def memory_summary():
    return _kjit.cuda_memory_summary()
