// Webs are the classes of definitions that reach a common use, found by union-find from the uses backwards through the
// phis (so versions that meet only where nobody looks stay apart).
#include <algorithm>

#include "sema/reaching.h"

namespace kjit::sema {

namespace {

class WebFormer {
 public:
  WebFormer(Reaching& found, Webs& out) : found_(found), out_(out) {}

  void run() {
    parent_.resize(found_.defs.size());
    for (uint32_t i = 0; i < parent_.size(); ++i) parent_[i] = i;
    for (auto& [id, set] : found_.uses) join_set(set);
    for (auto* table : {&found_.def_uses, &found_.lambda_uses})
      for (auto& [id, list] : *table)
        for (auto& [name, set] : list) join_set(set);
    while (!work_.empty()) {
      uint32_t phi = work_.back();
      work_.pop_back();
      uint32_t first = phi;
      for (uint32_t o : found_.defs[phi].operands) touch(o, first);
    }
    spread_unbound();
    number();
  }

 private:
  uint32_t find(uint32_t d) {
    while (parent_[d] != d) d = parent_[d] = parent_[parent_[d]];
    return d;
  }
  void join_set(uint32_t set) {
    uint32_t first = kNone;
    for (uint32_t d : *found_.sets[set]) touch(d, first);
  }
  void touch(uint32_t d, uint32_t& first) {
    if (found_.defs[d].kind == Def::Kind::Unbound) return;
    if (first == kNone)
      first = d;
    else
      parent_[find(d)] = find(first);
    if (found_.defs[d].kind == Def::Kind::Phi && !found_.defs[d].used) work_.push_back(d);
    found_.defs[d].used = true;
  }

  void spread_unbound() {  // phis that a path without a definition reaches
    for (bool changed = true; changed;) {
      changed = false;
      for (auto& def : found_.defs) {
        if (def.kind != Def::Kind::Phi || def.maybe_unbound) continue;
        for (uint32_t o : def.operands) {
          if (found_.defs[o].kind == Def::Kind::Unbound ||
              (found_.defs[o].kind == Def::Kind::Phi && found_.defs[o].maybe_unbound)) {
            def.maybe_unbound = changed = true;
            break;
          }
        }
      }
    }
  }
  bool set_unbound(uint32_t set) const {
    return std::any_of(found_.sets[set]->begin(), found_.sets[set]->end(), [&](uint32_t d) {
      return found_.defs[d].kind == Def::Kind::Unbound || found_.defs[d].maybe_unbound;
    });
  }

  uint32_t web_of(uint32_t def) {
    uint32_t root = find(def);
    auto [it, inserted] = web_ids_.emplace(root, static_cast<uint32_t>(out_.webs.size()));
    if (inserted) out_.webs.push_back({found_.locals[found_.defs[def].local], {}, 0, false, false});
    return it->second;
  }
  // The web of a set of reaching definitions, kNone when no definition reaches.
  uint32_t web_of_set(uint32_t set) {
    for (uint32_t d : *found_.sets[set]) {
      if (found_.defs[d].kind == Def::Kind::Unbound) continue;
      auto it = web_ids_.find(find(d));  // not there: phis of nothing but paths without a definition
      if (it != web_ids_.end()) return it->second;
    }
    return kNone;
  }

  void number() {
    for (uint32_t d = 0; d < found_.defs.size(); ++d) {  // in order of the text: parameters first
      const Def& def = found_.defs[d];
      if (def.kind != Def::Kind::Param && def.kind != Def::Kind::Target) continue;
      Web& web = out_.webs[web_of(d)];
      if (!web.definitions++) web.first_definition = def.span;
      web.is_param |= def.kind == Def::Kind::Param;
      if (def.kind == Def::Kind::Param) out_.params.push_back(web_of(d));
    }
    for (auto& [expr_id, def] : found_.targets) out_.definitions[expr_id] = web_of(def);
    for (auto& [stmt_id, def] : found_.def_defs) out_.def_webs[stmt_id] = web_of(def);
    for (auto& [expr_id, set] : found_.uses) {
      uint32_t web = web_of_set(set);
      if (web == kNone) {
        out_.unbound.insert(expr_id);
        continue;
      }
      out_.uses[expr_id] = web;
      if (set_unbound(set)) out_.maybe_unbound.insert(expr_id), out_.webs[web].maybe_unbound = true;
    }
    auto captures = [&](auto& from, auto& to) {
      for (auto& [id, list] : from)
        for (auto& [name, set] : list) to[id].push_back(web_of_set(set));
    };
    captures(found_.def_uses, out_.def_captures);
    captures(found_.lambda_uses, out_.lambda_captures);
    for (auto& [span, name, count] : found_.captured_later) {
      for (uint32_t d = count; d < found_.defs.size(); ++d)
        if (found_.defs[d].local == name && found_.defs[d].kind == Def::Kind::Target) {
          out_.rebound_captures.push_back({found_.defs[d].span, found_.locals[name]});
          break;
        }
    }
  }

  Reaching& found_;
  std::vector<uint32_t> parent_, work_;
  std::unordered_map<uint32_t, uint32_t> web_ids_;
  Webs& out_;
};

}  // namespace

void form_webs(Reaching& found, Webs& out) { WebFormer(found, out).run(); }

}  // namespace kjit::sema
