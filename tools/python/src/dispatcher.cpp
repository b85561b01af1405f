// A type of C, not of nanobind: its calls go through vectorcall with a cache of specialisations in front, and a call
// costs little more than looking at its arguments.
#include "dispatcher.h"

#include <structmember.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "arguments.h"
#include "device.h"
#include "engine.h"
#include "results.h"
#include "values.h"

namespace kjit::python {

namespace {

// One specialisation, by the key of the arguments that it takes. Never goes before its dispatcher.
struct Entry {
  std::vector<uint64_t> key;
  Specialisation code;
  std::vector<Ref> held;  // texts that the key refers to
};

struct Keyword {
  Ref name;
  Ref value;  // the default; null: none, or one that Python has no form of
  Parameter::Kind kind;
  bool has_default;
};

struct State {
  bool is_loaded = false, is_pinned = false, has_keyword_only = false, has_rest = false;
  uint64_t id = 0;
  Module module;
  std::string name;
  std::vector<Keyword> parameters;
  size_t positional = 0;
  std::vector<std::unique_ptr<Entry>> entries;
  Entry* last = nullptr;
  std::shared_ptr<void> launches;
};

struct Dispatcher {
  PyObject_HEAD vectorcallfunc vectorcall;
  PyObject *dict, *weak, *py_func, *loader;
  State* state;
};

uint64_t next_id = 1;  // under the GIL

PyTypeObject* type = nullptr;

Dispatcher* self_of(PyObject* object) { return reinterpret_cast<Dispatcher*>(object); }

void set_module(State& state, Module module, std::string name) {
  std::vector<Keyword> parameters;
  for (const Parameter& p : module.parameters(name)) {
    Keyword k{Ref(PyUnicode_InternFromString(p.name.c_str())), Ref(), p.kind, p.has_default};
    if (p.has_default) {
      try {
        k.value = to_object(p.value);
      } catch (const PythonError&) {
        PyErr_Clear();
      }
    }
    state.positional += p.kind == Parameter::Kind::Positional;
    state.has_rest |= p.kind == Parameter::Kind::Rest;
    state.has_keyword_only |= p.kind == Parameter::Kind::Keyword;
    parameters.push_back(std::move(k));
  }
  state.parameters = std::move(parameters);
  state.module = std::move(module), state.name = std::move(name);
  state.is_loaded = true;
}

State& ready(Dispatcher* self) {
  State& state = *self->state;
  if (state.is_loaded) return state;
  const Ref result(PyObject_CallOneArg(self->loader, reinterpret_cast<PyObject*>(self)));
  if (!result) throw PythonError{};
  auto [module, name] = loaded(result.get());
  if (!state.is_loaded) set_module(state, std::move(module), std::move(name));  // another thread may have been faster
  return state;
}

// --- calls

// Without the GIL and in reach of the keyboard, but for what is over before that would be done.
int32_t run(const Specialisation& code, kjit_ctx* ctx, void* result, const uint64_t* slots) {
  if (code.brief) return code.call(ctx, result, slots);
  const Interruptible interruptible;
  const volatile int32_t* before = ctx->interrupt;
  if (const CancelFlag* flag = interruptible.flag()) ctx->interrupt = flag->word();
  const WithoutGil free;
  const int32_t status = code.call(ctx, result, slots);
  ctx->interrupt = before;
  return status;
}

Ref call_entry(const Entry& entry, Arguments& arguments) {
  const Specialisation& code = entry.code;
  constexpr size_t kUsual = 512;
  alignas(16) unsigned char usual[kUsual];
  std::unique_ptr<std::max_align_t[]> large;
  unsigned char* result = usual;
  if (code.result_size > kUsual) {
    large = std::make_unique<std::max_align_t[]>(code.result_size / sizeof(std::max_align_t) + 1);
    result = reinterpret_cast<unsigned char*>(large.get());
  }
  kjit_ctx* ctx =
      detail::thread_slot.engine == code.engine ? detail::thread_slot.ctx : detail::bind_context(code.code.get());
  const int32_t status = run(code, ctx, result, arguments.slots());
  if (status != KJIT_OK) detail::raise(code.code.get(), ctx, status);
  return read_result(result, code.result, arguments);
}

std::string argument_name(const State& state, size_t index) {
  std::string out = state.name + "(): argument ";
  if (index < state.positional) return out + "'" + PyUnicode_AsUTF8(state.parameters[index].name.get()) + "'";
  return out + std::to_string(index + 1);
}

std::vector<Value> values_of(const State& state, PyObject* const* args, size_t count, bool owned) {
  std::vector<Value> out;
  for (size_t i = 0; i < count; ++i) out.push_back(to_value(args[i], argument_name(state, i), owned));
  return out;
}

// Texts among the arguments, which keys refer to.
void hold_texts(PyObject* object, std::vector<Ref>& held) {
  if (PyUnicode_CheckExact(object)) held.push_back(Ref::borrow(object));
  if (PyTuple_CheckExact(object))
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) hold_texts(PyTuple_GET_ITEM(object, i), held);
}

// With everything converted on the way, for what the quick way does not know.
Ref call_slowly(State& state, PyObject* const* args, size_t count, const Module::Keywords& keywords) {
  const std::vector<Value> values = values_of(state, args, count, true);
  const Interruptible interruptible;
  CallOptions options;
  options.cancel = interruptible.flag();
  const Value result = [&] {
    const WithoutGil free;
    return state.module.call(state.name, values, keywords, options);
  }();
  return to_object(result);
}

Ref call_new(State& state, PyObject* const* args, size_t count, Arguments& arguments, bool usual) {
  if (!usual && std::any_of(args, args + count, holds_device_array)) return call_slowly(state, args, count, {});
  auto entry = std::make_unique<Entry>();
  {
    const std::vector<Value> values = values_of(state, args, count, false);
    const WithoutGil free;
    entry->code = state.module.specialise(state.name, values);
  }
  if (!usual || !entry->code.direct || !arguments.add_slots(entry->code.rest))
    return call_slowly(state, args, count, {});
  entry->key.assign(arguments.key(), arguments.key() + arguments.key_size());
  for (size_t i = 0; i < count; ++i) hold_texts(args[i], entry->held);
  Entry& made = *entry;
  state.entries.push_back(std::move(entry));
  state.last = &made;
  return call_entry(made, arguments);
}

Ref call_positional(State& state, PyObject* const* args, size_t count) {
  Arguments arguments;
  bool usual = true;
  for (size_t i = 0; i < count && usual; ++i) usual = arguments.add(args[i]);
  if (usual) {
    Entry* found = state.last && arguments.has_key(state.last->key) ? state.last : nullptr;
    for (size_t i = 0; !found && i < state.entries.size(); ++i)
      if (arguments.has_key(state.entries[i]->key)) found = state.last = state.entries[i].get();
    if (found && arguments.add_slots(found->code.rest)) return call_entry(*found, arguments);
  }
  return call_new(state, args, count, arguments, usual);
}

size_t parameter_named(const State& state, PyObject* name) {
  for (size_t i = 0; i < state.parameters.size(); ++i)
    if (state.parameters[i].name.get() == name) return i;
  for (size_t i = 0; i < state.parameters.size(); ++i)
    if (PyUnicode_Compare(state.parameters[i].name.get(), name) == 0) return i;
  return state.parameters.size();
}

// Keywords put into the places of their parameters; false: only the slow way can.
bool place_keywords(const State& state, PyObject* const* args, size_t count, PyObject* names,
                    std::vector<PyObject*>& out) {
  if (state.has_keyword_only || count > state.positional) return false;
  out.assign(args, args + count);
  const Py_ssize_t keywords = PyTuple_GET_SIZE(names);
  for (Py_ssize_t k = 0; k < keywords; ++k) {
    const size_t at = parameter_named(state, PyTuple_GET_ITEM(names, k));
    if (at >= state.positional || (at < out.size() && out[at])) return false;
    if (at >= out.size()) out.resize(at + 1, nullptr);
    out[at] = args[count + static_cast<size_t>(k)];
  }
  for (size_t i = 0; i < out.size(); ++i) {
    if (!out[i]) out[i] = state.parameters[i].value.get();
    if (!out[i]) return false;
  }
  return true;
}

PyObject* vectorcall(PyObject* object, PyObject* const* args, size_t flags, PyObject* names) {
  return guarded(static_cast<PyObject*>(nullptr), [&] {
    State& state = ready(self_of(object));
    const auto count = static_cast<size_t>(PyVectorcall_NARGS(flags));
    if (!names || PyTuple_GET_SIZE(names) == 0) return call_positional(state, args, count).release();
    std::vector<PyObject*> placed;
    if (place_keywords(state, args, count, names, placed))
      return call_positional(state, placed.data(), placed.size()).release();
    Module::Keywords keywords;
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); ++k) {
      const std::string name = PyUnicode_AsUTF8(PyTuple_GET_ITEM(names, k));
      keywords.emplace_back(
          name, to_value(args[count + static_cast<size_t>(k)], state.name + "(): argument '" + name + "'", true));
    }
    return call_slowly(state, args, count, keywords).release();
  });
}

// --- the rest of the type

PyObject* make(PyTypeObject* of, PyObject*, PyObject*) {
  auto* self = self_of(of->tp_alloc(of, 0));
  if (!self) return nullptr;
  self->vectorcall = vectorcall;
  self->state = new State;
  self->state->id = next_id++;
  return reinterpret_cast<PyObject*>(self);
}

int init(PyObject* object, PyObject* args, PyObject* keywords) {
  static const char* names[] = {"py_func", "loader", nullptr};
  PyObject *py_func = nullptr, *loader = nullptr;
  if (!PyArg_ParseTupleAndKeywords(args, keywords, "OO", const_cast<char**>(names), &py_func, &loader)) return -1;
  Py_INCREF(py_func), Py_INCREF(loader);
  Py_XSETREF(self_of(object)->py_func, py_func);
  Py_XSETREF(self_of(object)->loader, loader);
  return 0;
}

int traverse(PyObject* object, visitproc visit, void* arg) {
  Dispatcher* self = self_of(object);
  Py_VISIT(Py_TYPE(object));
  Py_VISIT(self->dict);
  Py_VISIT(self->py_func);
  Py_VISIT(self->loader);
  return 0;
}

int clear(PyObject* object) {
  Dispatcher* self = self_of(object);
  Py_CLEAR(self->dict);
  Py_CLEAR(self->py_func);
  Py_CLEAR(self->loader);
  return 0;
}

void deallocate(PyObject* object) {
  PyTypeObject* of = Py_TYPE(object);
  PyObject_GC_UnTrack(object);
  if (self_of(object)->weak) PyObject_ClearWeakRefs(object);
  clear(object);
  delete self_of(object)->state;
  of->tp_free(object);
  Py_DECREF(of);
}

PyObject* represent(PyObject* object) {
  const Ref name(PyObject_GetAttrString(object, "__name__"));
  if (!name) PyErr_Clear();
  if (name) return PyUnicode_FromFormat("<kjit kernel %S>", name.get());
  return PyUnicode_FromString("<kjit kernel>");
}

Ref text_tuple(const std::vector<std::string>& texts) {
  Ref out(PyTuple_New(static_cast<Py_ssize_t>(texts.size())));
  if (!out) throw PythonError{};
  for (size_t i = 0; i < texts.size(); ++i) {
    PyObject* text = PyUnicode_FromStringAndSize(texts[i].data(), static_cast<Py_ssize_t>(texts[i].size()));
    if (!text) throw PythonError{};
    PyTuple_SET_ITEM(out.get(), static_cast<Py_ssize_t>(i), text);
  }
  return out;
}

PyObject* signatures(PyObject* object, void*) {
  return guarded(static_cast<PyObject*>(nullptr), [&] {
    Ref out(PyList_New(0));
    if (!out) throw PythonError{};
    for (const auto& entry : self_of(object)->state->entries)
      if (PyList_Append(out.get(), text_tuple(entry->code.arguments).get()) != 0) throw PythonError{};
    return out.release();
  });
}

PyObject* parameter_names(PyObject* object, void*) {
  return guarded(static_cast<PyObject*>(nullptr), [&] {
    std::vector<std::string> names;
    for (const Keyword& k : ready(self_of(object)).parameters) names.emplace_back(PyUnicode_AsUTF8(k.name.get()));
    return text_tuple(names).release();
  });
}

PyDoc_STRVAR(
    inspect_doc,
    "inspect(stage, signature=None): the text of a stage (types, kir, passes, llvm, llvm-opt, asm) for a signature of\n"
    "`signatures`; without one, a dict of all that were compiled.");
PyObject* inspect(PyObject* object, PyObject* args) {
  const char* stage = nullptr;
  PyObject* wanted = Py_None;
  if (!PyArg_ParseTuple(args, "s|O", &stage, &wanted)) return nullptr;
  return guarded(static_cast<PyObject*>(nullptr), [&] {
    const State& state = *self_of(object)->state;
    Ref all(PyDict_New());
    if (!all) throw PythonError{};
    for (const auto& entry : state.entries) {
      const Ref key = text_tuple(entry->code.arguments);
      const int same = wanted == Py_None ? 1 : PyObject_RichCompareBool(key.get(), wanted, Py_EQ);
      if (same < 0) throw PythonError{};
      if (!same) continue;
      const std::string text = state.module.inspect(state.name, entry->code, stage_named(stage));
      Ref string(PyUnicode_FromStringAndSize(text.data(), static_cast<Py_ssize_t>(text.size())));
      if (!string) throw PythonError{};
      if (wanted != Py_None) return string.release();
      if (PyDict_SetItem(all.get(), key.get(), string.get()) != 0) throw PythonError{};
    }
    if (wanted == Py_None) return all.release();
    PyErr_Format(PyExc_KeyError, "%R", wanted);
    throw PythonError{};
  });
}

PyDoc_STRVAR(result_dtype_doc,
             "result_dtype(*arguments): compiles for these arguments without a call; the dtype of the result, None "
             "when it is no number.");
PyObject* result_dtype(PyObject* object, PyObject* args) {
  return guarded(static_cast<PyObject*>(nullptr), [&] {
    State& state = ready(self_of(object));
    Specialisation code;
    {
      const auto count = static_cast<size_t>(PyTuple_GET_SIZE(args));
      const std::vector<Value> values = values_of(state, PySequence_Fast_ITEMS(args), count, false);
      const WithoutGil free;
      code = state.module.specialise(state.name, values);
    }
    if (code.result.kind != detail::TypeDesc::Kind::Scalar) return Ref::borrow(Py_None).release();
    return reinterpret_cast<PyObject*>(PyArray_DescrFromType(number_of_dtype(code.result.dtype)));
  });
}

PyObject* bind_method(PyObject* function, PyObject* instance, PyObject*) {
  if (instance) return PyMethod_New(function, instance);
  Py_INCREF(function);
  return function;
}

// By its name, as functions are: pickle finds it in its module.
PyObject* reduce(PyObject* object, PyObject*) { return PyObject_GetAttrString(object, "__qualname__"); }

PyMethodDef methods[] = {{"__reduce__", reduce, METH_NOARGS, nullptr},
                         {"inspect", inspect, METH_VARARGS, inspect_doc},
                         {"result_dtype", result_dtype, METH_VARARGS, result_dtype_doc},
                         {nullptr, nullptr, 0, nullptr}};
PyGetSetDef properties[] = {
    {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, nullptr, nullptr},
    {"signatures", signatures, nullptr, "The argument types that were compiled, a list of tuples of texts.", nullptr},
    {"parameters", parameter_names, nullptr, "The names of the parameters.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};
PyMemberDef members[] = {
    {"py_func", T_OBJECT, offsetof(Dispatcher, py_func), READONLY, "The Python function; None for a kernel of a file."},
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Dispatcher, vectorcall), READONLY, nullptr},
    {"__dictoffset__", T_PYSSIZET, offsetof(Dispatcher, dict), READONLY, nullptr},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Dispatcher, weak), READONLY, nullptr},
    {nullptr, 0, 0, 0, nullptr}};

PyDoc_STRVAR(type_doc,
             "A kernel: compiled for the types of its arguments when it is called with them for the first time.");
PyType_Slot slots[] = {{Py_tp_doc, const_cast<char*>(type_doc)},
                       {Py_tp_new, reinterpret_cast<void*>(make)},
                       {Py_tp_init, reinterpret_cast<void*>(init)},
                       {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
                       {Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                       {Py_tp_clear, reinterpret_cast<void*>(clear)},
                       {Py_tp_call, reinterpret_cast<void*>(PyVectorcall_Call)},
                       {Py_tp_repr, reinterpret_cast<void*>(represent)},
                       {Py_tp_descr_get, reinterpret_cast<void*>(bind_method)},
                       {Py_tp_methods, methods},
                       {Py_tp_getset, properties},
                       {Py_tp_members, members},
                       {0, nullptr}};
PyType_Spec spec = {"kjit.Dispatcher", sizeof(Dispatcher), 0,
                    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_HAVE_VECTORCALL, slots};

}  // namespace

PyTypeObject* dispatcher_type() {
  if (!type) type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&spec));
  return type;
}

bool is_dispatcher(PyObject* object) { return Py_TYPE(object) == type; }
uint64_t dispatcher_id(PyObject* dispatcher) { return self_of(dispatcher)->state->id; }

Ref make_dispatcher(Module module, std::string name) {
  Ref out(make(type, nullptr, nullptr));
  if (!out) throw PythonError{};
  Dispatcher* self = self_of(out.get());
  Py_INCREF(Py_None), Py_INCREF(Py_None);
  self->py_func = Py_None, self->loader = Py_None;
  const Ref text(PyUnicode_FromString(name.c_str()));
  if (!text || PyObject_SetAttrString(out.get(), "__name__", text.get()) != 0) throw PythonError{};
  set_module(*self->state, std::move(module), std::move(name));
  return out;
}

Loaded load_dispatcher(PyObject* dispatcher) {
  State& state = ready(self_of(dispatcher));
  return {state.module, state.name, state.launches};
}

std::string argument_of(PyObject* dispatcher, size_t index) {
  return argument_name(*self_of(dispatcher)->state, index);
}

Value function_value(PyObject* dispatcher) {
  State& state = ready(self_of(dispatcher));
  if (!state.is_pinned) {
    // Types of code refer to the function by address: a module whose functions others know is never taken down.
    static auto* pinned = new std::vector<Module>;
    pinned->push_back(state.module);
    state.is_pinned = true;
  }
  return state.module.global(state.name);
}

}  // namespace kjit::python
