"""How many threads parallel regions have: Numba's functions, and what the environment says when the package is imported."""

import contextlib
import os
import warnings

from . import _kjit
from ._kjit import get_num_threads, get_parallel_chunksize, get_thread_id, threads  # noqa: F401

MOST_THREADS = 256


def set_num_threads(n):
    """Regions of kernels that this thread calls have at most `n` threads: 1 to threads()["launched"], else ValueError."""
    if isinstance(n, bool) or not hasattr(n, "__index__"):
        raise TypeError("The number of threads specified must be an integer")
    n = n.__index__()
    _kjit.set_num_threads(max(min(n, MOST_THREADS + 1), -1))


def set_parallel_chunksize(chunksize):
    """Iterations that a thread asks for at a time, 0: as kjit thinks best. Gives what was before; results do not depend on it."""
    if isinstance(chunksize, bool) or not hasattr(chunksize, "__index__"):
        raise TypeError("The parallel chunksize must be an integer")
    return _kjit.set_parallel_chunksize(max(min(chunksize.__index__(), 2**63 - 1), -1))


@contextlib.contextmanager
def parallel_chunksize(chunksize):
    """set_parallel_chunksize() for the block of a with statement."""
    before = set_parallel_chunksize(chunksize)
    try:
        yield
    finally:
        set_parallel_chunksize(before)


def _from_environment():
    for name in ("KJIT_NUM_THREADS", "NUMBA_NUM_THREADS"):
        text = os.environ.get(name)
        if not text:
            continue
        if text.strip().isdecimal() and 1 <= int(text) <= MOST_THREADS:
            _kjit.launch_threads(int(text))
        else:
            warnings.warn(f"{name} is {text!r}, not a number from 1 to {MOST_THREADS}: not used", RuntimeWarning, stacklevel=4)
        return


_from_environment()
