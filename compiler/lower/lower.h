// Kernel IR to LLVM IR. The rules (ABI, ownership, index arithmetic) are in README.md.
#pragma once

#include <llvm/IR/Module.h>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "kir/kir.h"

namespace kjit::lower {

struct Options {
  bool debug_info = false;     // DWARF lines and variables
  bool places_only = false;    // with debug_info: places alone, the code is what it is without
  bool optimized = true;       // said in the debug info
  bool versions = false;       // a version of exported functions for arguments that do not overlap (versions.h)
  bool device = false;         // for a GPU: exported functions become kernels (device.h)
  bool fma = false;            // the machine has fused multiply-add
  std::string gpu_image = {};  // PTX of the kernels of regions; a function that offloads carries it along
  // Called before versions are added, if any are: the module as it stands is what later code is made of.
  std::function<void()> before_versions = {};
};

// A function that is compiled when it is first called (versions.h).
struct Later {
  std::string symbol;    // kir::Function::symbol
  bool general = false;  // a lazy function, which stands alone; else the version of an entry for overlapping arguments
};

// Something in the kernel IR that lowering cannot express; kirgen should have rejected it.
class LoweringError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `target` gives triple and data layout. Precondition: kir::verify(module) is empty. Throws LoweringError.
std::vector<Later> lower(const kir::Module& module, llvm::Module& target, const Options& options);

// Names of a kernel in LLVM IR: `kjit.` stands before each, so that a kernel called `exp` is not taken for C's.
std::string entry_symbol(const std::string& symbol);
// The name of the twin with arguments in slots (kjit_rt/abi.h).
std::string packed_symbol(const std::string& symbol);
// The name of a kernel in PTX, by its name in the source.
std::string device_symbol(const std::string& name);
// The name of the cell of a function that is compiled when it is first called: two pointers, the function (null until
// then) and whoever compiles it.
std::string version_symbol(const std::string& symbol);

}  // namespace kjit::lower
