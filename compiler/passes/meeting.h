// Whether two accesses of a parallel loop touch one element in different iterations.
#pragma once

#include <optional>

#include "passes/accesses.h"

namespace kjit::passes {

struct Meeting {
  enum Kind : uint8_t {
    Never,
    Unknown,   // nothing says that they do
    Probable,  // both are at one place, whose index is such that two iterations may well have one
    Proven,
  } kind = Never;
  bool everywhere = false;  // Proven: the place is the same in all iterations
  std::optional<int64_t> distance =
      std::nullopt;  // Proven: iteration n of the first meets n + distance of the second, and no other
  std::set<std::vector<AtomId>> factors = {};  // Never: products that the proof takes as at least 1
};

// Whether two roots may be arrays that share memory.
enum class Sharing : uint8_t { Never, AsCalled, Unknown };  // AsCalled: it shows before the loop runs
Sharing sharing(const LoopAccesses& loop, uint32_t a, uint32_t b);

// Of accesses to one root.
Meeting meet(const LoopAccesses& loop, const Access& first, const Access& second);

}  // namespace kjit::passes
