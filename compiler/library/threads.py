# numba: how many threads the regions of the calling thread have (runtime/parallel).
import numpy as np


@extern("int64(int64)", symbol="kjit_threads_call_set_num_threads", context=True)
def call_set_num_threads(n):
    pass


@extern("int64()", symbol="kjit_threads_call_get_num_threads", context=True)
def call_get_num_threads():
    pass


@extern("int64()", symbol="kjit_threads_call_get_thread_id", context=True)
def call_get_thread_id():
    pass


@extern("int64(int64)", symbol="kjit_threads_call_set_parallel_chunksize", context=True)
def call_set_parallel_chunksize(n):
    pass


@extern("int64()", symbol="kjit_threads_call_get_parallel_chunksize", context=True)
def call_get_parallel_chunksize():
    pass


def set_num_threads(n: integer):
    call_set_num_threads(np.int64(n))


def get_num_threads():
    return int(call_get_num_threads())


def get_thread_id():
    return int(call_get_thread_id())


def set_parallel_chunksize(n: integer):
    return int(call_set_parallel_chunksize(np.int64(n)))


# What `with parallel_chunksize(n):` calls when it begins and, with what that gave, when it ends.
def parallel_chunksize(n: integer, entered):
    return int(call_set_parallel_chunksize(np.int64(n)))


def get_parallel_chunksize():
    return int(call_get_parallel_chunksize())
