// Loaded code that came from the cache.
#pragma once

#include <functional>
#include <memory>

#include "jit/backend.h"
#include "load/image.h"

namespace kjit::driver {

// `later` compiles functions that are put off, with LLVM, when one of them is first called. Throws std::runtime_error
// where the object cannot be placed.
using CompileLater = std::function<std::unique_ptr<jit::CompiledCode>(const std::string& bitcode,
                                                                      const std::vector<std::string>& symbols)>;
std::unique_ptr<jit::CompiledCode> load_kept(jit::Kept kept, const load::Image::Find& find, CompileLater later);

}  // namespace kjit::driver
