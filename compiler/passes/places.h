// What integers and arrays of a function stand for, in terms of one loop's iteration: polynomials and places in arrays.
#pragma once

#include <functional>
#include <memory>
#include <unordered_map>

#include "kir/kir.h"
#include "passes/affine.h"

namespace kjit::passes {

// The indices of one axis that a place takes: those in [low, high), from `first` on in steps of `step`.
struct AxisPlace {
  Poly first, low, high;
  int64_t step = 1;    // 0: not known
  bool point = false;  // one index
};

// Part of an array. `axes` are the array's own; `shown[k]` is the one that axis k of the view goes over, -1: a new one.
struct Place {
  uint32_t root = 0;
  std::vector<AxisPlace> axes;
  std::vector<int> shown;
  bool known = true;  // false: some part of the root
  bool view = false;  // was made by indexing
};

// Memory that no other root shares, as far as is known. Not shared: an iteration's own, or nobody knows whose.
struct Root {
  std::string name;
  bool shared = true;
  std::vector<Poly> extents;
};

struct Value {
  bool varies = false;  // may differ from one value to the next within the loop
  bool lossy = false;   // of what varies: see Atom
  bool digits = false;
  std::optional<Poly> poly;                         // of integers
  std::shared_ptr<const Place> place;               // of arrays
  std::vector<std::shared_ptr<const Value>> parts;  // of tuples
  std::string key;                                  // of what does not vary: equal keys, equal values
};
using ValueRef = std::shared_ptr<const Value>;
using Env = std::map<kir::VarId, ValueRef>;

// Evaluates expressions of one function at a time. Loads are told to `on_load`.
class Places {
 public:
  Atoms atoms;
  std::vector<Root> roots;
  bool inside = false;  // of the loop that is looked at
  std::function<void(Place, source::Span)> on_load;

  // Forget what expressions stood for: something was assigned.
  void changed() { memo_.clear(); }
  ValueRef evaluate(const Env& env, kir::ExprRef e);

  // A value that nothing is known of but the flags.
  ValueRef unknown(sema::TypeRef type, bool varies, bool lossy, bool digits, const std::string& name = {});
  ValueRef of_poly(Poly p);
  ValueRef new_array(std::string name, bool shared, std::vector<Poly> extents, size_t rank);
  ValueRef whole(uint32_t root, size_t rank);
  Poly length(const Place& place, uint32_t axis);
  // The element, or part, at the indices.
  Place at(const Env& env, const Place& of, const std::vector<kir::ExprRef>& indices);
  ValueRef merged(const ValueRef& a, const ValueRef& b, sema::TypeRef type, bool choice_varies);
  bool is_private(const Place& place) const { return !roots[place.root].shared; }

 private:
  ValueRef compute(const Env& env, kir::ExprRef e);
  ValueRef arithmetic(kir::ExprRef e, const Value& a, const Value& c);
  ValueRef divided(kir::ExprRef e, const Value& a, const Value& c);
  ValueRef chosen(kir::ExprRef e, const std::vector<ValueRef>& args);
  ValueRef view(const Env& env, kir::ExprRef e, const Place& of);
  ValueRef load(const Env& env, kir::ExprRef e);
  ValueRef opaque(kir::ExprRef e, const std::vector<ValueRef>& args, bool lossy, bool digits);
  bool is_length(const Poly& p) const;
  std::string fresh(const char* what);

  std::unordered_map<kir::ExprRef, ValueRef> memo_;
  uint64_t made_ = 0;
};

}  // namespace kjit::passes
