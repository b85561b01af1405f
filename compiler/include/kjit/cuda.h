// GPUs from C++: arrays on an engine's device, streams, events, pinned memory, launches of a file's kernels.
//
//   kjit::Engine engine;                          // Options::cuda_simulator: the same without a GPU
//   if (!kjit::cuda::is_available(engine)) ...
//   kjit::cuda::Device gpu(engine);               // kjit::Error (RuntimeError, "no CUDA device: ...") where there is
//   none kjit::Module m = engine.load_file("axpy.py");  // @cuda.jit def axpy(y, x, a): ...
//   kjit::cuda::Kernel<kjit::cuda::DeviceArray<float, 1>, kjit::cuda::DeviceArray<float, 1>, float> axpy(m, "axpy");
//   std::vector<float> host(1000, 1.0F);
//   auto x = gpu.to_device<float, 1>(host.data(), {1000}), y = gpu.device_array<float, 1>({1000});
//   kjit::cuda::Stream stream = gpu.stream();
//   axpy({{8}, {128}, stream}, y, x, 0.5F);        // may still run when this returns
//   y.copy_to_host(host.data(), &stream);
//   stream.synchronize();
//
// A null or default-made stream is the default one, which waits for the others, and they for it. Errors are
// kjit::Error: RuntimeError with the driver's name and text, MemoryError with figures, ValueError for a grid that
// cannot be, Usage for what does not fit. Handles may be copied, share what they stand for, and may go in any order;
// keep the engine alive while they are used. Thread-safe, but that one object is for one thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kjit/engine.h"
#include "kjit/export.h"
#include "kjit/function.h"

namespace kjit::eval {
class Gpu;
class DeviceMemory;
class DeviceStream;
class DeviceEvent;
}  // namespace kjit::eval

namespace kjit::cuda {

struct Properties {
  std::string name;
  int major = 0, minor = 0;  // compute capability
  int multiprocessors = 0, max_threads = 0, devices = 0;
  uint64_t allocated = 0, max_allocated = 0, reserved = 0, max_reserved = 0;  // bytes, of this engine's pool
  uint64_t free = 0, total = 0;                                               // bytes of the device
};

// Of a kernel's code for one tuple of types.
struct Figures {
  int64_t registers = 0, shared = 0, local = 0;  // of a thread; bytes: static, of a block; of a thread
  int64_t max_threads = 0;                       // of a block
  std::string ptx;
};

// Whether kernels can be launched: a device, or the simulator.
KJIT_API bool is_available(const Engine& engine);

class KJIT_API Stream {
 public:
  Stream() = default;  // the default one
  explicit Stream(std::shared_ptr<eval::DeviceStream> stream) : stream_(std::move(stream)) {}
  void synchronize();  // of the default one: nothing; see Device::synchronize
  const std::shared_ptr<eval::DeviceStream>& raw() const { return stream_; }

 private:
  std::shared_ptr<eval::DeviceStream> stream_;
};

class KJIT_API Event {
 public:
  explicit Event(std::shared_ptr<eval::DeviceEvent> event) : event_(std::move(event)) {}
  void record(const Stream& stream = {});
  void wait(const Stream& stream);  // the stream's later work waits for the event
  void synchronize();
  bool reached();
  double until(const Event& end);  // milliseconds; both with timing, recorded and reached

 private:
  std::shared_ptr<eval::DeviceEvent> event_;
};

namespace detail {

// The memory of an array, and what is asked of it.
class KJIT_API Block {
 public:
  Block() = default;
  Block(std::shared_ptr<eval::DeviceMemory> memory, uint64_t bytes);
  uint64_t address() const { return address_; }
  uint64_t bytes() const { return bytes_; }
  const std::shared_ptr<eval::DeviceMemory>& memory() const { return memory_; }
  void copy_in(const void* from, uint64_t bytes, uint64_t at, const Stream* stream) const;
  void copy_out(void* to, uint64_t bytes, uint64_t at, const Stream* stream) const;
  void used_in(const Stream& stream) const;
  explicit operator bool() const { return memory_ != nullptr; }

 private:
  std::shared_ptr<eval::DeviceMemory> memory_;
  uint64_t address_ = 0, bytes_ = 0;
};

// What a kernel was compiled to for one tuple of types.
class KJIT_API Code {
 public:
  Code(const Module& module, std::string_view name, const std::vector<kjit::detail::TypeDesc>& arguments);
  // For what these arguments are. A kernel with signatures may take something else for them: `direct`.
  Code(const Module& module, std::string_view name, const std::vector<Value>& arguments);
  ~Code();
  Code(const Code&);
  Code& operator=(const Code&) = delete;
  bool owners() const { return owners_; }
  bool direct() const { return direct_; }  // the slots of the arguments, each by its own type, are all that it takes
  Figures figures() const;
  std::vector<std::string> arguments() const;  // types as messages show them
  void launch(const std::array<uint32_t, 3>& blocks, const std::array<uint32_t, 3>& threads, uint32_t shared_bytes,
              const Stream& stream, std::vector<uint64_t>& slots, const CancelFlag* cancel = nullptr) const;

 private:
  std::shared_ptr<kjit::detail::ModuleState> module_;  // which has the engine, the kernel's text and its code
  const void* kernel_ = nullptr;
  bool owners_ = false, direct_ = true;
};

[[noreturn]] KJIT_API void fail(const char* what);  // Usage

}  // namespace detail

// An array on a device, or a view of one: of memory that it keeps alive, or borrowed, foreign memory. T: a number.
template <typename T, int N>
class DeviceArray {
 public:
  using Shape = std::array<int64_t, N>;
  DeviceArray() = default;
  // Foreign memory of the device, row-major unless strides (bytes) say otherwise; the caller keeps it alive.
  DeviceArray(uint64_t address, const Shape& shape) : address_(address), shape_(shape), strides_(row_major(shape)) {}
  DeviceArray(uint64_t address, const Shape& shape, const Shape& strides)
      : address_(address), shape_(shape), strides_(strides) {}
  DeviceArray(detail::Block block, const Shape& shape)
      : block_(std::move(block)), address_(block_.address()), shape_(shape), strides_(row_major(shape)) {}

  uint64_t address() const { return address_; }
  const Shape& shape() const { return shape_; }
  const Shape& strides() const { return strides_; }  // bytes
  const detail::Block& block() const { return block_; }
  int64_t size() const {
    int64_t n = 1;
    for (const int64_t along : shape_) n *= along;
    return n;
  }
  uint64_t bytes() const { return static_cast<uint64_t>(size()) * sizeof(T); }
  bool is_contiguous() const { return strides_ == row_major(shape_) || size() == 0; }

  // [first, last) of an axis, every `step`-th; shares the memory.
  DeviceArray slice(int axis, int64_t first, int64_t last, int64_t step = 1) const {
    const auto k = static_cast<size_t>(axis);
    if (axis < 0 || axis >= N || first < 0 || last > shape_[k] || first > last || step < 1)
      detail::fail("a slice of a device array leaves it");
    DeviceArray out = *this;
    out.address_ += static_cast<uint64_t>(first * strides_[k]);
    out.shape_[k] = (last - first + step - 1) / step;
    out.strides_[k] *= step;
    return out;
  }

  // Row-major elements from and to the host. Without a stream they wait; with one, host memory is to live until the
  // stream has been waited for, and copies of pinned memory go on beside the host's work.
  void copy_from_host(const T* from, const Stream* stream = nullptr) {
    check();
    block_.copy_in(from, bytes(), address_ - block_.address(), stream);
  }
  void copy_to_host(T* to, const Stream* stream = nullptr) const {
    check();
    block_.copy_out(to, bytes(), address_ - block_.address(), stream);
  }

 private:
  void check() const {
    if (!block_) detail::fail("a borrowed device array is copied by whoever it belongs to");
    if (!is_contiguous()) detail::fail("only row-major device arrays are copied");
  }
  static Shape row_major(const Shape& shape) {
    Shape out{};
    int64_t step = sizeof(T);
    for (size_t k = N; k-- > 0; step *= shape[k]) out[k] = step;
    return out;
  }

  detail::Block block_;
  uint64_t address_ = 0;
  Shape shape_{}, strides_{};
};

// Host memory that copies use without detours.
template <typename T>
class PinnedArray {
 public:
  PinnedArray(std::shared_ptr<void> memory, size_t size) : memory_(std::move(memory)), size_(size) {}
  T* data() const { return static_cast<T*>(memory_.get()); }
  size_t size() const { return size_; }
  T* begin() const { return data(); }
  T* end() const { return data() + size_; }
  T& operator[](size_t i) const { return data()[i]; }

 private:
  std::shared_ptr<void> memory_;
  size_t size_;
};

// The device of an engine.
class KJIT_API Device {
 public:
  explicit Device(const Engine& engine);
  Properties properties() const;
  void synchronize() const;
  Stream stream() const;
  Event event(bool timing = true) const;
  void reset_peak() const;
  void empty_cache() const;
  std::string memory_summary() const;
  // Memory of the device without a type; throws as device_array does.
  detail::Block allocate(uint64_t bytes) const;
  // Foreign memory of the device; `owner` goes when nobody uses it any more.
  detail::Block borrow(uint64_t address, uint64_t bytes, std::shared_ptr<void> owner = {}) const;
  template <typename T, int N>
  DeviceArray<T, N> device_array(const std::array<int64_t, N>& shape) const {
    uint64_t bytes = sizeof(T);
    for (const int64_t n : shape) {
      if (n < 0) detail::fail("a device array of negative length");
      if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(n), &bytes)) detail::fail("a device array is too large");
    }
    return DeviceArray<T, N>(allocate(bytes), shape);
  }
  template <typename T, int N>
  DeviceArray<T, N> to_device(const T* from, const std::array<int64_t, N>& shape,
                              const Stream* stream = nullptr) const {
    DeviceArray<T, N> out = device_array<T, N>(shape);
    out.copy_from_host(from, stream);
    return out;
  }
  template <typename T>
  PinnedArray<T> pinned_array(size_t size) const {
    return {pinned(size * sizeof(T)), size};
  }

 private:
  std::shared_ptr<void> pinned(uint64_t bytes) const;
  std::shared_ptr<kjit::detail::EngineState> engine_;
};

struct Grid {
  std::array<uint32_t, 3> blocks{1, 1, 1}, threads{1, 1, 1};
  Stream stream = {};
  uint32_t shared_bytes = 0;
  const CancelFlag* cancel = nullptr;  // stops kernels of the simulator, of an engine with Options::interruptible

  Grid(const std::vector<uint32_t>& b, const std::vector<uint32_t>& t, Stream s = {}, uint32_t bytes = 0)
      : blocks(three(b)), threads(three(t)), stream(std::move(s)), shared_bytes(bytes) {}

 private:
  static std::array<uint32_t, 3> three(const std::vector<uint32_t>& given) {
    if (given.empty() || given.size() > 3) detail::fail("grids have one to three axes");
    std::array<uint32_t, 3> out{1, 1, 1};
    for (size_t k = 0; k < given.size(); ++k) out[k] = given[k];
    return out;
  }
};

// An array of a device whose type is known at run time: an argument of functions with target='cuda' and of launches.
struct DynamicArray {
  detail::Block block;
  uint64_t address = 0;
  DType dtype = DType::Float64;
  std::vector<int64_t> shape, strides;  // elements; bytes
};
KJIT_API Value to_value(const DynamicArray& array);
KJIT_API std::optional<DynamicArray> from_value(const Value& value);  // nullopt: none of a device

// Launches a kernel with @cuda.jit for what these arguments are; host arrays go to the device and come back, which
// waits.
KJIT_API void launch(const Module& module, std::string_view name, const Grid& grid, const std::vector<Value>& arguments,
                     const Module::Keywords& keywords = {});
// Of the kernel's one compiled form: with one signature it is compiled now, otherwise it has been launched, with one
// tuple of types; else ValueError. NotImplementedError in the simulator.
KJIT_API Figures figures(const Module& module, std::string_view name);

// States of numba.cuda.random's generators for `n` threads, two words each, to be copied to the device.
KJIT_API void xoroshiro_states(uint64_t* out, int64_t n, uint64_t seed, int64_t start = 0);

namespace detail {

template <typename A>
struct Argument {
  static kjit::detail::TypeDesc desc() { return kjit::detail::Traits<A>::desc(); }
  static void add(const A& value, bool, std::vector<uint64_t>& slots) {
    std::apply([&](auto... parts) { (slots.push_back(bits(parts)), ...); }, kjit::detail::Traits<A>::flatten(value));
  }
  static void used(const A&, const Stream&) {}

 private:
  template <typename P>
  static uint64_t bits(P part) {
    if constexpr (std::is_integral_v<P>) {
      return static_cast<uint64_t>(part);
    } else {
      uint64_t out = 0;
      __builtin_memcpy(&out, &part, sizeof part);
      return out;
    }
  }
};

// Arrays are compiled for any strides.
template <typename T, int N>
struct Argument<DeviceArray<T, N>> {
  static kjit::detail::TypeDesc desc() {
    return {.kind = kjit::detail::TypeDesc::Kind::Array,
            .dtype = kjit::detail::Element<T>::value,
            .rank = N,
            .layout = Layout::Strided,
            .elements = {}};
  }
  static void add(const DeviceArray<T, N>& array, bool owners, std::vector<uint64_t>& slots) {
    slots.push_back(array.address());
    if (owners) slots.push_back(0);
    for (const int64_t n : array.shape()) slots.push_back(static_cast<uint64_t>(n));
    for (const int64_t n : array.strides()) slots.push_back(static_cast<uint64_t>(n));
  }
  static void used(const DeviceArray<T, N>& array, const Stream& stream) {
    if (array.block() && stream.raw()) array.block().used_in(stream);
  }
};

}  // namespace detail

// A kernel with @cuda.jit, compiled for these types when it is made: DeviceArray<T, N> and numbers.
template <typename... A>
class Kernel {
 public:
  Kernel(const Module& module, std::string_view name) : code_(module, name, {detail::Argument<A>::desc()...}) {}
  // Returns when the driver has taken the launch.
  void operator()(const Grid& grid, const A&... arguments) const {
    std::vector<uint64_t> slots;
    slots.reserve(64);
    (detail::Argument<A>::add(arguments, code_.owners(), slots), ...);
    code_.launch(grid.blocks, grid.threads, grid.shared_bytes, grid.stream, slots);
    (detail::Argument<A>::used(arguments, grid.stream), ...);
  }

 private:
  detail::Code code_;
};

}  // namespace kjit::cuda
