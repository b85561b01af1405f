// cuda.reduce, and ufunc.reduce by kernels: both are made by a script of the library.
#include <fmt/format.h>

#include "eval/gpu.h"
#include "eval/module.h"
#include "eval/natives.h"
#include "parse/parser.h"
#include "sema/library.h"

namespace kjit::eval {

namespace {

constexpr const char* kFile = "cuda_reduce";

ModuleObject& library(Interpreter& interpreter) {
  if (ModuleObject* known = interpreter.find_module(kFile)) return *known;
  source::Diagnostics diagnostics;
  auto file = std::make_shared<source::SourceFile>(fmt::format("<library>/{}.py", kFile),
                                                   std::string(sema::library_text(kFile)));
  return interpreter.run(parse::parse(std::move(file), diagnostics), kFile);
}

// What `maker` of the library makes of the function, made once for each.
Value made_of(Interpreter& interpreter, const char* maker, const FunctionObject& function, const Value& value) {
  ModuleObject& module = library(interpreter);
  const std::string name = fmt::format("{} of {}", maker, static_cast<const void*>(&function));
  if (const Value* known = module.find(name)) return *known;
  Value made = interpreter.call(*module.find(maker), Args({value}));
  module.set(name, made);
  return made;
}

Value reduce(Interpreter& interpreter, Args& args) {
  const Value op = args.need(0, "functor");
  args.expect("reduce", 0, 1);
  const auto* function = as<FunctionObject>(op);
  if (!function) throw Error(ErrorKind::TypeError, "cuda.reduce takes a function of two numbers");
  return made_of(interpreter, "reducer", *function, op);
}

constexpr NativeRow kRows[] = {{"numba.cuda.reduce", reduce}, {"numba.cuda.Reduce", reduce}};

}  // namespace

std::span<const NativeRow> cuda_reduce_natives() { return kRows; }

Value reduce_on_device(Interpreter& interpreter, const Value& ufunc, std::string_view method, const Args& args) {
  const auto* function = as<FunctionObject>(ufunc);
  if (method != "reduce" || !function || !function->options->offload) return unbound();
  if (function->def->parameters.positional.size() != 2 || args.values.empty()) return unbound();
  Value axis = int64_t{0};
  if (args.values.size() > 2 || args.keywords.size() > 1) return unbound();
  if (args.values.size() == 2) axis = args.values[1];
  if (!args.keywords.empty()) {
    if (args.keywords[0].first != "axis" || args.values.size() == 2) return unbound();
    axis = args.keywords[0].second;
  }
  const auto* on_device = as<DeviceArray>(args.values[0]);
  if (!args.values[0].is<Array>() && !on_device) return unbound();
  if (!axis.is_none() && !axis.is<int64_t>()) return unbound();
  if (on_device && !on_device->is_c_contiguous()) return unbound();
  const Value reducer = made_of(interpreter, "ufunc_reducer", *function, ufunc);
  Value out = interpreter.call(reducer, Args({args.values[0], axis, Value(on_device != nullptr)}));
  return out.is_none() ? unbound() : out;
}

}  // namespace kjit::eval
