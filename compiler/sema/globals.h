// Where the free names of a kernel are looked up: the module's globals at the moment of compilation, frozen.
// Implemented by whoever executed the module's top level (eval).
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "parse/ast.h"
#include "sema/constant.h"

namespace kjit::sema {

// What decorators said about a function. Built from the decorator expressions by sema (decorators.h).
struct FunctionOptions {
  // Plain: no decorator (a helper, lambda or closure). Extern: a C function of the host; its body is not looked at.
  // Cuda: a kernel for a GPU.
  enum class Kind : uint8_t { Plain, Jit, Vectorize, Extern, Cuda } kind = Kind::Plain;
  bool device = false;   // runs on a GPU: a kernel, or a function that kernels call (@cuda.jit(device=True))
  bool offload = false;  // target='cuda': what runs on threads elsewhere runs on a GPU; goes with `parallel`
  bool nopython = true;
  bool parallel = false;
  uint8_t serial_parts = 0;  // bits: kPartPrange...: what parallel={...} leaves out
  bool inline_always = false;
  bool cache = false;
  bool nogil = false;
  bool boundscheck = false;
  bool has_boundscheck = false;    // written by the user; otherwise the engine's default holds
  bool numpy_error_model = false;  // error_model='numpy'
  uint8_t fastmath = 0;            // bits: kFastReassoc...
  // Cuda: see kir::DeviceOptions.
  int max_threads = 0, min_blocks = 0, max_registers = 0;
  bool lineinfo = false, debug = false;
  // Vectorize: what a reduction of nothing gives, if anything (0 or 1), and whether the order of elements matters.
  std::optional<int64_t> identity;
  bool reorderable = false;
  struct Signature {
    std::vector<TypeRef> params;
    TypeRef result = nullptr;  // null: inferred
  };
  // Empty: lazy. Vectorize: the loops, in order, over scalars. Extern: exactly one, over scalars, with its result
  std::vector<Signature> signatures;
  std::vector<std::pair<std::string, TypeRef>> locals;  // types that variables are forced to, by name
  std::string extern_symbol;                            // Extern: what the code generator knows it by
  bool pure = false;                                    // Extern: no effects; depends on its arguments only
  bool context = false;                                 // Extern: of the runtime, in the form of kernels, context first
};
// Parts of a parallel function that may run on threads, by the names of Numba's dictionary.
enum ParallelParts : uint8_t {
  kPartPrange = 1,
  kPartNumpy = 2,      // expressions on arrays
  kPartReduction = 4,  // sums and their like
  kPartSetitem = 8,    // stores into parts of arrays
  kPartInplace = 16,   // a += b on arrays
};
enum FastMathBits : uint8_t {
  kFastReassoc = 1,
  kFastNnan = 2,
  kFastNinf = 4,
  kFastNsz = 8,
  kFastArcp = 16,
  kFastContract = 32,
  kFastAfn = 64,
  kFastAll = 127
};

class Globals;

// A function as a value of the top level.
struct FunctionRef {
  const ast::FunctionDef* def = nullptr;
  const Globals* globals = nullptr;
  std::vector<Constant> defaults;  // of the last parameters that have one, evaluated when the def ran
  std::vector<Constant> keyword_defaults;
  std::shared_ptr<const FunctionOptions> options;
};

class Globals {
 public:
  virtual ~Globals() = default;
  virtual const source::SourceFile& file() const = 0;
  // The same for those who outlive the module: messages of compiled code quote it.
  virtual source::SourceFilePtr shared_file() const { return std::make_shared<source::SourceFile>(file()); }
  virtual uint32_t file_expr_count() const = 0;
  // The value of a global name as a constant: numbers, tuples, arrays (frozen copies), strings, dtypes; modules and
  // built-ins as Builtin types by canonical name ("numpy", "numpy.sqrt", "builtins.abs"), functions as Function types.
  // nullopt: not defined. A value that kernels cannot use (a list, an open file) has type null.
  virtual std::optional<Constant> lookup(std::string_view name) const = 0;
  // The same for an attribute of a local kernel file imported as a module (Builtin type with text "module:<name>").
  virtual std::optional<Constant> lookup_module(std::string_view module, std::string_view name) const = 0;
  // Of a function that belongs to these globals; null when it is not one (lambda, nested def).
  virtual const FunctionRef* function(const ast::FunctionDef* def) const = 0;
  virtual std::vector<std::string> names() const = 0;  // for suggestions
  virtual bool is_library() const { return false; }    // a file of the library (library.h)
};

}  // namespace kjit::sema
