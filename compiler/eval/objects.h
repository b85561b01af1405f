// What scripts hold beyond numbers, strings, tuples and arrays.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "eval/scalar_ops.h"
#include "kjit/value.h"
#include "sema/globals.h"

namespace kjit::eval {

class Interpreter;
class ModuleObject;
struct Args;
struct Scope;

enum class Sort : int {
  List = 1,
  Function,
  BoundMethod,
  Module,
  Package,
  Builtin,
  Range,
  Slice,
  Iterator,
  Ellipsis,
  Exception,
  Cell,
  Stream,
  WideInt,
  DeviceArray,
  Launcher,
  Generator,
  CudaStream,
  CudaEvent,
  CudaDevice,
  Unknown
};

class ScriptObject : public Object {
 public:
  explicit ScriptObject(Sort sort) : Object(static_cast<int>(sort)) {}
  Sort sort() const { return static_cast<Sort>(tag()); }
};

// The object of that class in `value`, or null.
template <typename T>
T* as(const Value& value) {
  const auto* object = value.get_if<std::shared_ptr<Object>>();
  if (!object || !*object || (*object)->tag() != static_cast<int>(T::kSort)) return nullptr;
  return static_cast<T*>(object->get());
}
template <typename T, typename... A>
Value make(A&&... a) {
  return Value(std::static_pointer_cast<Object>(std::make_shared<T>(std::forward<A>(a)...)));
}

// A variable without a value yet.
inline Value unbound() { return Value(std::shared_ptr<Object>()); }
inline bool is_unbound(const Value& value) {
  const auto* object = value.get_if<std::shared_ptr<Object>>();
  return object && !*object;
}

class List : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::List;
  explicit List(std::vector<Value> v = {}) : ScriptObject(kSort), items(std::move(v)) {}
  std::string repr() const override;
  std::vector<Value> items;

 private:
  mutable bool printing_ = false;  // a list may hold itself
};

// A variable that closures share.
class Cell : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Cell;
  Cell() : ScriptObject(kSort), value(unbound()) {}
  Value value;
};

class FunctionObject : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Function;
  FunctionObject() : ScriptObject(kSort) {}
  std::string repr() const override;
  bool interpreted() const { return options->kind == sema::FunctionOptions::Kind::Plain; }
  bool cuda_kernel() const { return options->kind == sema::FunctionOptions::Kind::Cuda; }
  bool vectorized() const { return options->kind == sema::FunctionOptions::Kind::Vectorize; }

  const ast::FunctionDef* def = nullptr;
  ModuleObject* module = nullptr;
  const Scope* scope = nullptr;              // null until first called, for functions of the top level
  std::vector<Value> defaults;               // of the last positional parameters
  std::vector<Value> keyword_defaults;       // by keyword-only parameter; unbound where there is none
  std::vector<std::shared_ptr<Cell>> cells;  // captured variables, in the order of scope->captures
  std::shared_ptr<const sema::FunctionOptions> options;
  // What compiled code knows it as; made when first asked for. Closures have globals of their own over the module's.
  const sema::FunctionRef& ref();

 private:
  std::unique_ptr<sema::FunctionRef> ref_;
};

// The function that a script value is; null when it is none.
const sema::FunctionRef* function_ref(const Value& value);
// Canonical name of a built-in function, type or package ("numpy.sqrt"); empty when it is none.
std::string_view builtin_name(const Value& value);

using Native = Value (*)(Interpreter&, Args&);

// A built-in function, type or exception class, by canonical name. `native` is null when only compiled code has it.
class Builtin : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Builtin;
  Builtin(std::string n, Native f) : ScriptObject(kSort), name(std::move(n)), native(f) {}
  std::string repr() const override;
  std::string name;
  Native native;
};

// numpy, math, numpy.random ...: a module that is part of the language.
class Package : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Package;
  explicit Package(std::string n) : ScriptObject(kSort), name(std::move(n)) {}
  std::string repr() const override { return "<module '" + name + "'>"; }
  std::string name;
};

class BoundMethod : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::BoundMethod;
  BoundMethod(Value s, std::string n, Native f)
      : ScriptObject(kSort), self(std::move(s)), name(std::move(n)), native(f) {}
  std::string repr() const override { return "<method '" + name + "'>"; }
  Value self;
  std::string name;  // canonical: "array.sum", "list.append"
  Native native;     // gets self as the first argument; null when only compiled code has it
};

class Range : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Range;
  Range(int64_t a, int64_t b, int64_t c) : ScriptObject(kSort), start(a), stop(b), step(c) {}
  std::string repr() const override;
  int64_t size() const;
  int64_t start, stop, step;
};

class SliceObject : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Slice;
  SliceObject(Value a, Value b, Value c)
      : ScriptObject(kSort), lower(std::move(a)), upper(std::move(b)), step(std::move(c)) {}
  std::string repr() const override;
  // The positions that it selects of `length`: start, step and their count. ValueError for a step of 0.
  struct Positions {
    int64_t start, step, count;
  };
  Positions positions(int64_t length) const;
  Value lower, upper, step;
};

class EllipsisObject : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Ellipsis;
  EllipsisObject() : ScriptObject(kSort) {}
  std::string repr() const override { return "Ellipsis"; }
};

// Whatever yields values once: enumerate, zip, map, reversed, and the hidden iterator of a for.
class Iterator : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Iterator;
  Iterator(const char* n, std::function<bool(Value&)> f) : ScriptObject(kSort), name(n), next(std::move(f)) {}
  std::string repr() const override { return std::string("<") + name + " object>"; }
  const char* name;
  std::function<bool(Value&)> next;  // false: no more
};

class ExceptionObject : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Exception;
  ExceptionObject(ErrorKind k, std::vector<Value> a) : ScriptObject(kSort), kind(k), args(std::move(a)) {}
  std::string repr() const override;
  std::string str() const override;
  ErrorKind kind;
  std::vector<Value> args;
};

// np.random.Generator: its state is the array that kernels work on.
class GeneratorObject : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Generator;
  explicit GeneratorObject(Array words) : ScriptObject(kSort), state(std::move(words)) {}
  std::string repr() const override { return "Generator(PCG64)"; }
  std::string str() const override { return repr(); }
  Array state;
};

// The value of a name that only running the top level would tell (Interpreter::declare). Its type is Unknown.
class UnknownObject : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Unknown;
  UnknownObject() : ScriptObject(kSort) {}
};

// sys.stdout and sys.stderr, for print(file=...).
class Stream : public ScriptObject {
 public:
  static constexpr Sort kSort = Sort::Stream;
  explicit Stream(bool e) : ScriptObject(kSort), error(e) {}
  bool error;
};

// Values one by one; throws TypeError for what cannot be iterated over. A list may change meanwhile.
std::shared_ptr<Iterator> iterate(const Value& value);
std::vector<Value> to_vector(const Value& value);
int64_t length(const Value& value);  // TypeError for what has none

}  // namespace kjit::eval
