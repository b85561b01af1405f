// Kernel text to the text of its kernel IR after chosen passes, verified.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kirgen/kirgen.h"
#include "support/kernel_text.h"

namespace kjit::test {

using PassFunction = void (*)(sema::TypeContext&, kir::Module&);

inline std::string after_passes(const std::string& body, const std::string& signature,
                                std::initializer_list<PassFunction> passes, bool boundscheck = false) {
  KernelText text("import numpy as np\nfrom numba import njit\n" + body);
  auto program = text.infer("f", signature);
  if (!program) return text.messages();
  for (auto& f : program->functions) f->options.boundscheck = boundscheck;
  auto module = kirgen::generate(text.types, *program, {}, text.diagnostics);
  if (!module) return text.messages();
  for (PassFunction pass : passes) pass(text.types, *module);
  std::string out = kir::to_string(*module);
  for (const std::string& violation : kir::verify(*module)) out += "VIOLATION " + violation + "\n";
  return out;
}

}  // namespace kjit::test
