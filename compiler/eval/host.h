// What the evaluator needs from the compiler, declared above it so that there is no cycle. Implemented by the driver.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kjit/error.h"
#include "kjit/value.h"
#include "sema/globals.h"
#include "sema/library.h"
#include "sema/types.h"

struct kjit_random;

namespace kjit::eval {

class Gpu;           // see gpu.h
class ModuleObject;  // an executed module: its globals (a sema::Globals) and its Ast; see module.h

class Host {
 public:
  virtual ~Host() = default;
  virtual sema::TypeContext& types() = 0;
  virtual sema::Library& library() = 0;  // NumPy's functions that are written in the language
  // Types, compiles (once per function and argument types) and calls a function. Throws kjit::Error.
  virtual Value call(const sema::FunctionRef& function, const std::vector<Value>& args,
                     const std::vector<std::pair<std::string, Value>>& keywords) = 0;
  // Text of a module imported by name from `importer`'s directory or the host's resolver. False: there is none.
  virtual bool resolve_module(const std::string& name, const source::SourceFile& importer, std::string& path,
                              std::string& text) = 0;
  // A constant or module attribute that the host supplies for `name` ("host_module.name"); false: none.
  virtual bool resolve_constant(const std::string& name, Value& out) = 0;
  virtual void write(std::string_view text) = 0;                    // print
  virtual void write_error(std::string_view text) { write(text); }  // print(..., file=sys.stderr)
  virtual const std::vector<std::string>& argv() = 0;               // sys.argv
  virtual bool interrupted() = 0;                                   // stop soon
  // NumPy's global generator: that of kernels called from this thread. Throws kjit::Error without memory.
  virtual kjit_random* random() = 0;
  // The GPU. Throws kjit::Error (RuntimeError, "no CUDA device: ...").
  virtual Gpu& gpu() = 0;
};

}  // namespace kjit::eval
