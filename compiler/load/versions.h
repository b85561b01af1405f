// What compiled code calls to get code that is compiled when it is first called: see lower/versions.h.
#pragma once

#include <atomic>

namespace kjit::load {

struct VersionCell;

// Compiles the version that a cell asks for. Thread-safe. Returns null when that fails; never throws.
class VersionSource {
 public:
  virtual ~VersionSource() = default;
  virtual void* later(VersionCell& cell) noexcept = 0;
};

// The global `kjit.<symbol>.version` of compiled code.
struct VersionCell {
  std::atomic<void*> entry;
  VersionSource* source;
};

}  // namespace kjit::load

extern "C" void* kjit_jit_later(kjit::load::VersionCell* cell);
