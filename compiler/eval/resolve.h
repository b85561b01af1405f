// Names to slots, before a body is first walked: locals by number, captured variables as shared cells, globals by the
// module's slot. Literals become values once.
#pragma once

#include <deque>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "eval/objects.h"
#include "parse/ast.h"

namespace kjit::eval {

struct NameRef {
  enum class Kind : uint8_t { None, Local, Cell, Global, Constant } kind = Kind::None;
  uint32_t index = 0;  // of the frame's slot, the module's slot, the constant, or the cache of an attribute
};

// What an attribute meant last time: of a package, or a method of that sort of value.
struct AttributeCache {
  const void* key = nullptr;
  Value value;
  Native native = nullptr;
};

// The variables of one function, or of the top level (where only comprehensions have any: the rest are globals).
struct Scope {
  struct Capture {
    uint32_t parent_slot, slot;
  };
  std::vector<std::string_view> names;  // by slot; parameters come first
  std::vector<bool> is_cell;            // by slot: holds a Cell, shared with closures
  std::unordered_map<std::string_view, uint32_t> slots;
  std::vector<Capture> captures;  // from the enclosing function
  bool top_level = false;
  bool has_cells = false;
};

// The resolved names of one module's tree.
class Names {
 public:
  Names(const ast::Ast& ast, ModuleObject& module);
  ~Names();
  NameRef ref(const ast::Expr& expr) const { return refs_[expr.id]; }
  const Value& constant(uint32_t index) const { return constants_[index]; }
  AttributeCache& cache(const ast::Attribute& attribute) { return caches_[refs_[attribute.id].index]; }
  const Scope& top() const { return top_; }
  bool any_functions() const { return !scopes_.empty(); }  // that were resolved
  // A function of the top level, resolved when first asked for with everything inside it; nested ones are there
  // already.
  const Scope& scope(const ast::FunctionDef& def);

 private:
  friend class Resolver;
  ModuleObject& module_;
  std::vector<NameRef> refs_;  // by expression
  std::deque<Value> constants_;
  std::deque<AttributeCache> caches_;  // by the index of an attribute's ref
  Scope top_;
  std::unordered_map<const ast::FunctionDef*, std::unique_ptr<Scope>> scopes_;
};

}  // namespace kjit::eval
