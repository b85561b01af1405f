// kernel[blocks, threads](...): configured kernels, with a cache of code in front as calls of dispatchers have it.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <vector>

#include "arguments.h"
#include "device.h"
#include "dispatcher.h"
#include "engine.h"
#include "guarded.h"
#include "values.h"

namespace nb = nanobind;

namespace kjit::python {

namespace {

// The code for one tuple of types, by the key of the arguments.
struct Entry {
  std::vector<uint64_t> key;
  cuda::detail::Code code;
};

struct Launches {
  std::vector<std::unique_ptr<Entry>> entries;
  Entry* last = nullptr;
};

Launches& launches_of(const Loaded& kernel) {
  if (!kernel.launches) kernel.launches = std::make_shared<Launches>();
  return *static_cast<Launches*>(kernel.launches.get());
}

class Launcher {
 public:
  Launcher(nb::object dispatcher, cuda::Grid grid) : dispatcher_(std::move(dispatcher)), grid_(std::move(grid)) {}

  void launch(const nb::args& args, const nb::kwargs& keywords) const {
    translated([&] {
      const Loaded kernel = load_dispatcher(dispatcher_.ptr());
      std::vector<PyObject*> given;
      std::vector<Ref> held;
      if (keywords.size() > 0) return slowly(kernel, taken(args, held, given), keywords);
      Arguments arguments(target());
      if (quickly(kernel, PySequence_Fast_ITEMS(args.ptr()), args.size(), arguments)) return;
      // Foreign arrays of a device among them, or something unusual.
      taken(args, held, given);
      Arguments again(target());
      if (!held.empty() && quickly(kernel, given.data(), given.size(), again)) return;
      slowly(kernel, given, keywords);
    });
  }

  // For the garbage collector.
  static int traverse(PyObject* self, visitproc visit, void* arg) {
    Py_VISIT(Py_TYPE(self));
    if (!nb::inst_ready(self)) return 0;
    Py_VISIT(nb::inst_ptr<Launcher>(self)->dispatcher_.ptr());
    return 0;
  }
  static int clear(PyObject* self) {
    nb::inst_ptr<Launcher>(self)->dispatcher_.reset();
    return 0;
  }

 private:
  static Arguments::Target target() {
    return simulates_cuda() ? Arguments::Target::DeviceWithOwners : Arguments::Target::Device;
  }

  bool quickly(const Loaded& kernel, PyObject* const* args, size_t count, Arguments& arguments) const {
    for (size_t i = 0; i < count; ++i)
      if (!arguments.add(args[i])) return false;
    Launches& known = launches_of(kernel);
    Entry* found = known.last && arguments.has_key(known.last->key) ? known.last : nullptr;
    for (size_t i = 0; !found && i < known.entries.size(); ++i)
      if (arguments.has_key(known.entries[i]->key)) found = known.last = known.entries[i].get();
    if (!found && count != kernel.module.parameters(kernel.name).size()) return false;  // defaults, or an error
    if (!found) found = known.last = compiled(kernel, known, args, count, arguments);
    if (!found->code.direct() || arguments.has_host_arrays()) return false;
    run(found->code, arguments);
    return true;
  }

  Entry* compiled(const Loaded& kernel, Launches& known, PyObject* const* args, size_t count,
                  const Arguments& arguments) const {
    const std::vector<Value> values = values_of(args, count, false);
    auto made = [&] {
      const WithoutGil free;
      return std::make_unique<Entry>(Entry{{}, {kernel.module, kernel.name, values}});
    }();
    made->key.assign(arguments.key(), arguments.key() + arguments.key_size());
    known.entries.push_back(std::move(made));
    return known.entries.back().get();
  }

  void run(const cuda::detail::Code& code, const Arguments& arguments) const {
    std::vector<uint64_t> slots(arguments.slots(), arguments.slots() + arguments.slot_count());
    {
      const Interruptible interruptible;
      const WithoutGil free;
      code.launch(grid_.blocks, grid_.threads, grid_.shared_bytes, grid_.stream, slots, interruptible.flag());
    }
    if (!grid_.stream.raw()) return;
    for (size_t i = 0; i < arguments.array_count(); ++i)
      device_array(arguments.array(i))->of.block.used_in(grid_.stream);
  }

  std::vector<Value> values_of(PyObject* const* args, size_t count, bool owned) const {
    std::vector<Value> out;
    for (size_t i = 0; i < count; ++i) out.push_back(to_value(args[i], argument_of(dispatcher_.ptr(), i), owned));
    return out;
  }

  // The arguments, foreign arrays of a device as ours, which `held` keeps.
  static std::vector<PyObject*>& taken(const nb::args& args, std::vector<Ref>& held, std::vector<PyObject*>& out) {
    for (const nb::handle argument : args) {
      Ref own = device_array(argument.ptr()) ? Ref() : adopted_array(argument.ptr());
      out.push_back(own ? own.get() : argument.ptr());
      if (own) held.push_back(std::move(own));
    }
    return out;
  }

  // Host arrays there and back, numbers that signatures convert, defaults.
  void slowly(const Loaded& kernel, const std::vector<PyObject*>& args, const nb::kwargs& keywords) const {
    const std::vector<Value> values = values_of(args.data(), args.size(), false);
    Module::Keywords named;
    for (const auto& [name, value] : keywords) {
      const auto text = nb::cast<std::string>(name);
      named.emplace_back(text, to_value(value.ptr(), kernel.name + "(): argument '" + text + "'", false));
    }
    const Interruptible interruptible;
    cuda::Grid grid = grid_;
    grid.cancel = interruptible.flag();
    const WithoutGil free;
    cuda::launch(kernel.module, kernel.name, grid, values, named);
  }

  nb::object dispatcher_;
  cuda::Grid grid_;
};

PyType_Slot collected[] = {{Py_tp_traverse, reinterpret_cast<void*>(&Launcher::traverse)},
                           {Py_tp_clear, reinterpret_cast<void*>(&Launcher::clear)},
                           {0, nullptr}};

Launcher configured(nb::object dispatcher, const std::vector<uint32_t>& blocks, const std::vector<uint32_t>& threads,
                    const nb::object& stream, uint32_t shared_bytes) {
  return translated([&] {
    const cuda::Stream in = stream.is_none() ? cuda::Stream() : nb::cast<cuda::Stream>(stream);
    return Launcher(std::move(dispatcher), cuda::Grid(blocks, threads, in, shared_bytes));
  });
}

nb::dict shown(const cuda::Figures& of) {
  nb::dict out;
  out["registers"] = of.registers, out["shared"] = of.shared, out["local"] = of.local;
  out["max_threads"] = of.max_threads, out["ptx"] = of.ptx;
  return out;
}

nb::tuple types_of(const Entry& entry) {
  const std::vector<std::string> names = entry.code.arguments();
  nb::list out;
  for (const std::string& name : names) out.append(name);
  return nb::tuple(out);
}

// {types: figures} of what was launched.
nb::dict figures(const nb::object& dispatcher) {
  return translated([&] {
    nb::dict out;
    for (const auto& entry : launches_of(load_dispatcher(dispatcher.ptr())).entries)
      out[types_of(*entry)] = shown(entry->code.figures());
    return out;
  });
}

nb::list launched(const nb::object& dispatcher) {
  return translated([&] {
    nb::list out;
    for (const auto& entry : launches_of(load_dispatcher(dispatcher.ptr())).entries) out.append(types_of(*entry));
    return out;
  });
}

nb::dict only_figures(const nb::object& dispatcher) {
  return translated([&] {
    const Loaded kernel = load_dispatcher(dispatcher.ptr());
    return shown(cuda::figures(kernel.module, kernel.name));
  });
}

}  // namespace

void add_launch(nb::module_& m) {
  nb::class_<Launcher>(m, "CudaLauncher", nb::type_slots(collected), "A kernel with a grid, to be called.")
      .def("__call__", &Launcher::launch);
  m.def("cuda_configure", &configured, nb::arg("dispatcher"), nb::arg("blocks"), nb::arg("threads"),
        nb::arg("stream").none(), nb::arg("shared_bytes"));
  m.def("cuda_figures", &figures, nb::arg("dispatcher"));
  m.def("cuda_only_figures", &only_figures, nb::arg("dispatcher"));
  m.def("cuda_launched", &launched, nb::arg("dispatcher"));
}

}  // namespace kjit::python
