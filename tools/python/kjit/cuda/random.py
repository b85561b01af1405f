"""Generators of kernels' threads, numba.cuda.random's: the same numbers."""

import numpy as _np

from .. import _kjit
from . import _names
from ._array import to_device as _to_device


def create_xoroshiro128p_states(n, seed, subsequence_start=0, stream=0):
    """An array on the device of `n` states, one for each thread, 2**64 numbers from each other: uint64 of shape (n, 2)."""
    if n < 0:
        raise ValueError("create_xoroshiro128p_states: a negative number of states")
    words = _np.empty((n, 2), _np.uint64)
    _kjit.cuda_random_states(words, seed & (1 << 64) - 1, subsequence_start)
    return _to_device(words, stream)


for _name in _names.RANDOM:
    globals()[_name] = _names.OnDevice(_name, __name__)

__all__ = ["create_xoroshiro128p_states", *_names.RANDOM]
