// What the walk over a function finds: its definitions, and which of them reach each read. webs.cpp fills it, and
// webs_form.cpp makes webs of it.
#pragma once

#include <map>
#include <unordered_map>
#include <utility>
#include <vector>

#include "sema/webs.h"

namespace kjit::sema {

using DefSet = std::vector<uint32_t>;  // sorted

struct Def {
  enum class Kind : uint8_t { Unbound, Param, Target, Phi } kind;
  uint32_t local;
  Span span;
  uint32_t param = 0;                // Param
  const ast::Expr* value = nullptr;  // Target of `name = value`
  DefSet operands = {};              // Phi
  bool used = false;
  bool maybe_unbound = false;  // Phi
};

struct CapturedLater {
  Span span;
  uint32_t local;
  uint32_t def_count;
};

struct Reaching {
  std::vector<std::string_view> locals;  // captured names, then the function's own
  std::vector<Def> defs;
  std::map<DefSet, uint32_t> set_ids;
  std::vector<const DefSet*> sets;                     // the keys of set_ids, by number
  std::vector<std::pair<uint32_t, uint32_t>> uses;     // expr id, set
  std::vector<std::pair<uint32_t, uint32_t>> targets;  // expr id, def
  std::unordered_map<uint32_t, std::vector<std::pair<uint32_t, uint32_t>>> def_uses, lambda_uses;
  std::unordered_map<uint32_t, uint32_t> def_defs;
  std::vector<CapturedLater> captured_later;
};

void form_webs(Reaching& found, Webs& out);

}  // namespace kjit::sema
