// Conditions that argument types, frozen globals and literals decide before inference: `x is None`, `a.ndim == 2`,
// isinstance(), frozen flags.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "sema/webs.h"

namespace kjit::sema {

// A name where a condition reads it. What follows `local` is known where one definition reaches the read.
struct KnownName {
  bool local = false;                // a parameter or variable of the function
  std::optional<uint32_t> param;     // its number
  const ast::Expr* value = nullptr;  // what was assigned
};
using NameLookup = std::function<KnownName(std::string_view)>;

// Whether the condition holds; nullopt where only a run decides.
std::optional<bool> static_bool(const ast::Expr& e, const StaticFacts& facts, const NameLookup& lookup);

// Whether the value of `e`, a decided condition, is its truth.
bool bool_valued(const ast::Expr& e);

}  // namespace kjit::sema
