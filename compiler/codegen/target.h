// The machine that code is made for, and LLVM's process-wide set-up.
#pragma once

#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>

namespace kjit::codegen {

struct TargetSpec {
  std::string triple;
  std::string cpu;
  std::string features;
};

// Registers the host's target and sets LLVM's global options; runs once, later calls do nothing. Thread-safe.
void initialize();

// "" or "native" as cpu: the host, with its features. Throws std::invalid_argument, with a hint, on a processor or a
// feature that LLVM does not know (it would end the process), and where no 64-bit code could be made.
TargetSpec resolve(const std::string& cpu, const std::string& features);

// Whether the machine has all features of the list, "+avx2,+fma".
bool has_features(const TargetSpec& spec, const std::string& features);

// A machine of one's own: not shared between threads. Throws std::runtime_error when LLVM does not know the target.
std::unique_ptr<llvm::TargetMachine> make_target_machine(const TargetSpec& spec, int opt_level);

}  // namespace kjit::codegen
