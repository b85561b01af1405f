#include "driver/kernel_device.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "driver/abi.h"
#include "driver/engine_state.h"
#include "sema/signature.h"

namespace kjit::driver {

namespace {

// A host array that a kernel is given: its copy on the device, and where the elements go afterwards.
struct Moved {
  Array host, rows;  // rows: row-major, of the same elements; the host's own memory where that is so
  std::shared_ptr<eval::DeviceMemory> memory;
};

// action(address in a, address in b) for the elements of arrays of one shape.
template <typename Action>
void for_each_pair(const Array& a, const Array& b, Action action) {
  const auto rank = static_cast<size_t>(a.ndim());
  std::vector<int64_t> at(rank, 0);
  for (int64_t left = a.size(); left > 0; --left) {
    int64_t in_a = 0, in_b = 0;
    for (size_t k = 0; k < rank; ++k) in_a += at[k] * a.strides()[k], in_b += at[k] * b.strides()[k];
    action(static_cast<char*>(a.data()) + in_a, static_cast<char*>(b.data()) + in_b);
    for (size_t k = rank; k-- > 0;) {
      if (++at[k] < a.shape()[k]) break;
      at[k] = 0;
    }
  }
}

void copy_elements(const Array& from, const Array& to) {
  const auto item = static_cast<size_t>(itemsize(from.dtype()));
  for_each_pair(from, to, [&](const char* a, char* b) { std::memcpy(b, a, item); });
}

// Whether the byte ranges of the two meet.
bool overlap(const Array& a, const Array& b) {
  const auto range = [](const Array& x) {
    auto low = reinterpret_cast<uintptr_t>(x.data()), high = low;
    if (x.size() == 0) return std::pair(low, low);
    for (size_t k = 0; k < x.shape().size(); ++k) {
      const int64_t reach = (x.shape()[k] - 1) * x.strides()[k];
      (reach < 0 ? low : high) += static_cast<uintptr_t>(reach);
    }
    return std::pair(low, high + static_cast<uintptr_t>(itemsize(x.dtype())));
  };
  const auto [a_low, a_high] = range(a);
  const auto [b_low, b_high] = range(b);
  return a_low < b_high && b_low < a_high;
}

// The slots of one launch: the kernel's parameters.
class Arguments {
 public:
  Arguments(eval::Gpu& gpu, bool owners) : gpu_(gpu), owners_(owners) {}

  // False: the value does not fit the type.
  bool add(const Value& value, sema::TypeRef type) {
    if (const auto* array = eval::as<eval::DeviceArray>(value)) {
      if (!type->is_array()) return false;
      add_array(array->address(), array->shape, array->strides());
      used_.push_back(array->memory);
      return true;
    }
    if (type->is_array() && value.is<Array>()) {
      add_host(value.array(), type->readonly);
      return true;
    }
    return !has_arrays(type) && flatten(value, type, slots_);
  }
  std::vector<uint64_t>& slots() { return slots_; }
  // The kernel has been launched there.
  void launched_in(eval::DeviceStream* stream) const {
    if (!stream) return;
    for (const auto* list : {&used_, &kept_})
      for (const auto& memory : *list) memory->used_in(stream);
  }
  // What kernels have written to host arrays.
  void bring_back() {
    bool shared = false;
    for (size_t i = 0; i < moved_.size(); ++i)
      for (size_t k = 0; k < i; ++k) shared |= overlap(moved_[i].host, moved_[k].host);
    if (shared) return bring_back_changes();
    for (const Moved& m : moved_) {
      m.memory->copy_out(m.rows.data(), bytes_of(m.rows));
      if (m.rows.data() != m.host.data()) copy_elements(m.rows, m.host);
    }
  }

 private:
  // Arrays that share memory on the host do not on the device: only elements that the kernel has changed are written.
  void bring_back_changes() {
    std::vector<Array> now;
    for (const Moved& m : moved_) {
      now.push_back(Array::empty(m.host.dtype(), m.host.shape()));
      m.memory->copy_out(now.back().data(), bytes_of(now.back()));
    }
    struct Change {
      char* to;
      const char* from;
      size_t bytes;
    };
    std::vector<Change> changes;
    for (size_t i = 0; i < moved_.size(); ++i) {
      const auto item = static_cast<size_t>(itemsize(now[i].dtype()));
      for_each_pair(moved_[i].host, now[i], [&](char* host, const char* made) {
        if (std::memcmp(host, made, item) != 0) changes.push_back({host, made, item});
      });
    }
    for (const Change& c : changes) std::memcpy(c.to, c.from, c.bytes);
  }
  static size_t bytes_of(const Array& array) {
    return static_cast<size_t>(array.size()) * static_cast<size_t>(itemsize(array.dtype()));
  }
  static bool has_arrays(sema::TypeRef type) {
    return type->is_array() || std::any_of(type->elements.begin(), type->elements.end(), has_arrays);
  }
  template <typename Lengths>
  void add_array(uint64_t address, const Lengths& shape, const std::vector<int64_t>& strides) {
    slots_.push_back(address);
    if (owners_) slots_.push_back(0);
    for (const int64_t n : shape) slots_.push_back(static_cast<uint64_t>(n));
    for (const int64_t n : strides) slots_.push_back(static_cast<uint64_t>(n));
  }
  // One array that is given twice is one array on the device.
  void add_host(const Array& host, bool readonly) {
    const auto same = [&](const Moved& m) {
      return m.host.data() == host.data() && m.host.dtype() == host.dtype() &&
             std::equal(m.host.shape().begin(), m.host.shape().end(), host.shape().begin(), host.shape().end()) &&
             std::equal(m.host.strides().begin(), m.host.strides().end(), host.strides().begin(), host.strides().end());
    };
    auto found = std::find_if(moved_.begin(), moved_.end(), same);
    std::shared_ptr<eval::DeviceMemory> memory;
    const Array rows = host.is_c_contiguous() ? host : host.copy();
    const size_t bytes = bytes_of(host);
    if (found != moved_.end()) {
      memory = found->memory;
    } else {
      memory = gpu_.allocate(bytes);
      memory->copy_in(rows.data(), bytes);
      if (readonly || host.readonly()) {
        kept_.push_back(memory);
      } else {
        moved_.push_back({host, rows, memory});
      }
    }
    const eval::DeviceArray geometry(memory, host.dtype(), {host.shape().begin(), host.shape().end()});
    add_array(memory->address(), host.shape(), geometry.strides());
  }

  eval::Gpu& gpu_;
  bool owners_;  // the code has a parameter for the owner of each array
  std::vector<uint64_t> slots_;
  std::vector<Moved> moved_;
  std::vector<std::shared_ptr<eval::DeviceMemory>> used_;
  std::vector<std::shared_ptr<eval::DeviceMemory>>
      kept_;  // until the kernel has been launched: freed in the stream's order
};

}  // namespace

sema::TypeRef type_on_device(sema::TypeContext& types, const Value& value) {
  if (const auto* array = eval::as<eval::DeviceArray>(value))
    return types.array(static_cast<sema::Scalar>(array->dtype), static_cast<int>(array->shape.size()),
                       array->is_c_contiguous() ? sema::Layout::C : sema::Layout::A);
  sema::TypeRef type = type_of(types, value);
  if (type && type->is_array()) return types.array(type->scalar, type->rank, sema::Layout::C, type->readonly);
  return type;
}

const KernelDevice::Kernel& KernelDevice::compiled(const sema::FunctionRef& kernel,
                                                   std::vector<sema::TypeRef> arguments) {
  std::string defaults = sema::literals_text(sema::omitted_defaults(kernel, arguments.size()));
  const std::lock_guard lock(mutex_);
  auto& known = kernels_[Key{kernel.def, kernel.globals, arguments, std::move(defaults)}];
  if (!known) known = compile(kernel, std::move(arguments));
  return *known;
}

eval::KernelFigures KernelDevice::Kernel::figures() const {
  throw Error(ErrorKind::NotImplementedError, "kernels have no machine code of a GPU here");
}

eval::KernelFigures KernelDevice::figures(const sema::FunctionRef& kernel) {
  const auto* signatures = kernel.options ? &kernel.options->signatures : nullptr;
  if (signatures && signatures->size() == 1)
    return guarded([&]() -> const Kernel& { return compiled(kernel, (*signatures)[0].params); }).figures();
  const std::lock_guard lock(mutex_);
  const Kernel* only = nullptr;
  int forms = 0;
  for (const auto& [key, code] : kernels_) {
    if (std::get<0>(key) == kernel.def && std::get<1>(key) == kernel.globals && code) only = code.get(), ++forms;
  }
  if (forms == 1) return only->figures();
  throw Error(ErrorKind::ValueError,
              fmt::format("'{}' is compiled for {} tuples of types: launch it once first, or give it one signature",
                          kernel.def->name, forms));
}

const KernelDevice::Kernel& KernelDevice::prepared(const sema::FunctionRef& kernel,
                                                   std::vector<sema::TypeRef> arguments) {
  if (kernel.options && !kernel.options->signatures.empty()) {
    const auto* signature = sema::choose_signature(*kernel.options, arguments);
    if (!signature) detail::fail_no_signature(kernel, arguments);
    arguments = signature->params;
  }
  return guarded([&]() -> const Kernel& { return compiled(kernel, std::move(arguments)); });
}

void KernelDevice::launch(const sema::FunctionRef& kernel, const eval::LaunchGrid& grid, const std::vector<Value>& args,
                          const std::vector<std::pair<std::string, Value>>& keywords) {
  const Bound bound = bind_arguments(kernel, args, keywords);
  std::vector<sema::TypeRef> types;
  for (const Value& value : bound.given) {
    types.push_back(type_on_device(engine_.types, value));
    if (!types.back())
      throw Error(ErrorKind::TypeError, fmt::format("{}(): kernels cannot take {}", kernel.def->name, repr(value)));
  }
  const Kernel& code = prepared(kernel, std::move(types));
  Arguments arguments(*this, owners_);
  for (size_t i = 0; i < code.params.size(); ++i) {
    if (i < bound.all.size() && arguments.add(bound.all[i], code.params[i])) continue;
    throw Error(ErrorKind::TypeError,
                fmt::format("{}(): {} is not {}", kernel.def->name,
                            i < bound.all.size() ? repr(bound.all[i]) : "nothing", sema::to_string(code.params[i])));
  }
  code.launch(grid, arguments.slots());
  arguments.launched_in(grid.stream.get());
  arguments.bring_back();
}

}  // namespace kjit::driver
