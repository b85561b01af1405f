// One input of the fuzzer: a kernel file, taken from text to kernel IR.
#pragma once

#include <string>

namespace kjit::fuzz {

// Parses the text, dumps it, then types every function of it for several argument types and generates, transforms and
// verifies kernel IR. Whatever is wrong with the text must end in findings. Throws std::logic_error on what must not
// happen: a refusal without a finding, a finding outside the text, kernel IR that the verifier rejects.
void run_kernel_text(const std::string& text);

}  // namespace kjit::fuzz
