// Kernel text to the text of its kernel IR, verified.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kirgen/kirgen.h"
#include "support/kernel_text.h"

namespace kjit::test {

// The module's text; the messages of the findings, or the violations, when there are some.
inline std::string kir_text(const std::string& body, const std::string& signature, const std::string& function = "f",
                            bool boundscheck = false) {
  KernelText text("import numpy as np\nimport math\nfrom numba import njit\n" + body);
  auto program = text.infer(function, signature);
  if (!program) return text.messages();
  if (boundscheck) {
    for (auto& f : program->functions) f->options.boundscheck = true;
  }
  auto module = kirgen::generate(text.types, *program, {}, text.diagnostics);
  if (!module) return text.messages();
  std::string out = kir::to_string(*module);
  for (const std::string& violation : kir::verify(*module)) out += "VIOLATION " + violation + "\n";
  return out;
}

}  // namespace kjit::test
