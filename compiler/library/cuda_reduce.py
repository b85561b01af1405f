# What cuda.reduce makes of a function of two numbers. A script, run when cuda.reduce is first called.
import numpy as np
from numba import cuda


def reducer(op):
    # Threads fold every so many elements, the threads of a block what they have, in a tree: the same order each time.
    @cuda.jit
    def fold(out, x, init, last):
        part = cuda.shared.array(256, x.dtype)
        t = cuda.threadIdx.x
        first, step, n = cuda.grid(1), cuda.gridsize(1), x.size
        if first < n:
            s = x[first]
            for k in range(first + step, n, step):
                s = op(s, x[k])
            part[t] = s
        cuda.syncthreads()
        here = min(n - cuda.blockIdx.x * 256, 256)
        width = 128
        while width > 0:
            if t < width and t + width < here:
                part[t] = op(part[t], part[t + width])
            cuda.syncthreads()
            width //= 2
        if t == 0:
            out[cuda.blockIdx.x] = op(part[0], init) if last else part[0]

    def reduce(arr, size=None, res=None, init=0, stream=0):
        if arr.ndim != 1:
            raise TypeError("only support 1D array")
        if size is not None:
            arr = arr[:size]
        start = np.full(1, init, dtype=arr.dtype)[0]
        if arr.size < 1:
            return start
        x = cuda.to_device(arr, stream)
        blocks = min((x.size + 255) // 256, 512)
        out = cuda.device_array(1, arr.dtype) if res is None else res[:1]
        if blocks > 1:
            parts = cuda.device_array(blocks, arr.dtype)
            fold[blocks, 256, stream](parts, x, start, False)
            x = parts
        fold[1, 256, stream](out, x, start, True)
        if res is not None:
            return None
        if stream:
            stream.synchronize()
        return out.copy_to_host()[0]

    return reduce


# The same of a ufunc along an axis: of arrays (before, n, after), in which neighbours along the last axis lie beside each
# other. Where the results are few, several blocks share each, and a second launch joins what they have.
def ufunc_reducer(op):
    @cuda.jit
    def rows_by_warps(out, x):
        part = cuda.shared.array(8, x.dtype)
        t = cuda.threadIdx.x
        n, chunk, chunks = x.shape[1], cuda.blockIdx.x, cuda.gridDim.x
        here = min(n - chunk * 256, 256)
        for row in range(cuda.blockIdx.y, x.shape[0], cuda.gridDim.y):
            s = x[row, min(chunk * 256 + t, n - 1), 0]
            for k in range((chunk + chunks) * 256 + t, n, chunks * 256):
                s = op(s, x[row, k, 0])
            step = 16
            while step > 0:
                other = cuda.shfl_down_sync(-1, s, step)
                if t % 32 + step < 32 and t + step < here:
                    s = op(s, other)
                step //= 2
            if t % 32 == 0:
                part[t // 32] = s
            cuda.syncthreads()
            if t < 32:
                s = part[t % 8]
                step = 4
                while step > 0:
                    other = cuda.shfl_down_sync(-1, s, step)
                    if t + step < 8 and (t + step) * 32 < here:
                        s = op(s, other)
                    step //= 2
                if t == 0:
                    out[row, chunk, 0] = s
            cuda.syncthreads()

    @cuda.jit
    def rows_by_blocks(out, x):
        part = cuda.shared.array(256, x.dtype)
        t = cuda.threadIdx.x
        n, chunk, chunks = x.shape[1], cuda.blockIdx.x, cuda.gridDim.x
        here = min(n - chunk * 256, 256)
        for row in range(cuda.blockIdx.y, x.shape[0], cuda.gridDim.y):
            s = x[row, min(chunk * 256 + t, n - 1), 0]
            for k in range((chunk + chunks) * 256 + t, n, chunks * 256):
                s = op(s, x[row, k, 0])
            part[t] = s
            cuda.syncthreads()
            width = 128
            while width > 0:
                if t < width and t + width < here:
                    part[t] = op(part[t], part[t + width])
                cuda.syncthreads()
                width //= 2
            if t == 0:
                out[row, chunk, 0] = part[0]
            cuda.syncthreads()

    @cuda.jit
    def columns(out, x):
        n, chunk, column = x.shape[1], cuda.blockIdx.y, cuda.grid(1)
        length = (n + cuda.gridDim.y - 1) // cuda.gridDim.y
        first = chunk * length
        if column < x.shape[2]:
            for row in range(cuda.blockIdx.z, x.shape[0], cuda.gridDim.z):
                s = x[row, first, column]
                for k in range(first + 1, min(first + length, n)):
                    s = op(s, x[row, k, column])
                out[row, chunk, column] = s

    def fold(x, chunks):
        before, n, after = x.shape
        out = cuda.device_array((before, chunks, after), x.dtype)
        if after > 1:
            columns[((after + 255) // 256, chunks, min(before, 65535)), 256](out, x)
        elif x.dtype in (np.int32, np.uint32, np.int64, np.uint64, np.float32, np.float64):
            rows_by_warps[(chunks, min(before, 65535)), 256](out, x)
        else:
            rows_by_blocks[(chunks, min(before, 65535)), 256](out, x)
        return out

    # None: this is not for kernels.
    def reduce(x, axis, on_device):
        if axis is None:
            shape, axis = (x.size,), 0
        else:
            shape = x.shape
            if axis < 0:
                axis += len(shape)
        none = np.zeros(0, x.dtype)
        if axis < 0 or axis >= len(shape) or x.size == 0 or op(none, none).dtype != x.dtype:
            return None
        before, n, after = 1, shape[axis], 1
        for k in range(len(shape)):
            if k < axis:
                before *= shape[k]
            elif k > axis:
                after *= shape[k]
        held = cuda.to_device(x).reshape(before, n, after)
        if after > 1:
            chunks = min(max(1024 // ((after + 255) // 256 * before), 1), (n + 63) // 64)
            length = (n + chunks - 1) // chunks
            chunks = (n + length - 1) // length
        else:
            chunks = min(max(1024 // before, 1), (n + 2047) // 2048)
        out = fold(held, chunks)
        if chunks > 1:
            out = fold(out, 1)
        rest = shape[:axis] + shape[axis + 1:]
        if len(rest) == 0:
            return out.copy_to_host()[0, 0, 0]
        out = out.reshape(rest)
        return out if on_device else out.copy_to_host()

    return reduce
