# only: device
# Streams, events, pinned arrays: launches and copies in a stream's order.
import numpy as np
from numba import cuda


@cuda.jit
def scale(x, a):
    i = cuda.grid(1)
    if i < x.size:
        x[i] *= a


stream = cuda.stream()
host = cuda.pinned_array(1000, dtype=np.float32)
host[:] = np.arange(1000)
print(host.shape, host.dtype, host[10])  # -> (1000,) float32 10.0
start, end = cuda.event(), cuda.event(timing=True)
start.record(stream)
x = cuda.to_device(host, stream=stream)
scale[8, 128, stream](x, np.float32(2))
scale[8, 128, stream, 0](x, np.float32(3))
back = cuda.pinned_array_like(host)
x.copy_to_host(back, stream=stream)
end.record(stream)
stream.synchronize()
end.synchronize()
print(back[10], np.all(back == 6 * host))  # -> 60.0 True
print(end.query(), start.elapsed_time(end) >= 0, cuda.event_elapsed_time(start, end) < 60000)  # -> True True True

# A stream that waits for another one's event; the default stream waits for both.
other = cuda.stream()
scale[8, 128, stream](x, np.float32(0.5))
done = cuda.event(timing=False)
done.record(stream)
done.wait(other)
scale[8, 128, other](x, np.float32(10))
print(x.copy_to_host()[10])  # -> 300.0
scale[8, 128, cuda.default_stream()](x, np.float32(0.1))
scale[8, 128, 0](x, np.float32(1))
cuda.default_stream().synchronize()
print(round(x[10]))  # -> 30

# Host arrays in a stream are there when the launch returns.
y = np.ones(5)
scale[1, 32, stream](y, 4.0)
print(y)  # -> [4. 4. 4. 4. 4.]

device = cuda.get_current_device()
print(len(device.name) > 0, device.compute_capability >= (7, 5), device.WARP_SIZE)  # -> True True 32
free, total = cuda.current_context().get_memory_info()
print(0 < free <= total)  # -> True
before = cuda.memory_allocated()
z = cuda.device_array(1 << 20, np.float64)
print(cuda.memory_allocated() - before >= 1 << 23, cuda.max_memory_allocated() >= 1 << 23)  # -> True True
z = None
cuda.empty_cache()
print(cuda.memory_allocated() == before, cuda.memory_reserved() >= cuda.memory_allocated())  # -> True True
print(len(cuda.memory_summary()) > 20)  # -> True
