// Functions with a plain C interface before those of the ABI, for code that stands alone (kjit_rt/aot.h): what
// generated headers declare.
#pragma once

#include <llvm/IR/Module.h>

#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::lower {

// How a value of a type is a parameter in C. None: it has no run-time part, so it is none. Number: a number or bool by
// value. Pointer: to what the ABI's result buffer holds (kjit_rt/abi.h); of an optional value to the value, or NULL.
enum class CParameter : uint8_t { None, Number, Pointer };
CParameter c_parameter(sema::TypeRef type);

// Adds int32_t name(kjit_ctx *, parameters..., result *), which looks at the arguments' descriptors and calls the
// function, lowered in this module. A result without run-time part is no parameter. `parameters`: their names, for
// messages, one for each of the function's.
llvm::Function* add_c_entry(llvm::Module& module, const kir::Function& function, const std::string& name,
                            const std::vector<std::string>& parameters);

}  // namespace kjit::lower
