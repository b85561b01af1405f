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
  // Taken as not negative, because an index that may count from the end was taken as one that does not.
  std::vector<Poly> assumed = {};
};

// Part of an array. `axes` are the array's own; `shown[k]` is the one that axis k of the view goes over, -1: a new one.
struct Place {
  uint32_t root = 0;
  std::vector<AxisPlace> axes;
  std::vector<int> shown;
  bool known = true;  // false: some part of what `axes` say
  bool view = false;  // was made by indexing
};

// An array, and what is made of it by indexing.
struct Root {
  std::string name;
  bool shared = true;  // false: an iteration's own
  std::vector<Poly> extents;
  bool fresh = false;              // new memory: no root that was there before shares it
  std::optional<uint32_t> memory;  // the root whose memory it is some view of
  bool foreign = false;            // came up in an iteration, and nobody knows whose it is
};

struct Value {
  bool varies = false;  // may differ from one value to the next within the loop
  bool lossy = false;   // of what varies: see Atom
  bool digits = false;
  bool data = false;
  std::optional<Poly> poly;                         // of integers
  std::vector<Poly> at_least, at_most;              // of integers: all bounds that together say what it is: max, min
  std::shared_ptr<const Place> place;               // of arrays
  std::vector<std::shared_ptr<const Value>> parts;  // of tuples
  std::string key;                                  // of what does not vary: equal keys, equal values
  std::vector<Poly> assumed;                        // of integers: see AxisPlace
};
// Whether two accesses are to the same part of one root, in one iteration.
bool same_place(const Place& a, const Place& b);

using ValueRef = std::shared_ptr<const Value>;
using Env = std::map<kir::VarId, ValueRef>;

// Evaluates expressions of one function at a time. Loads are told to `on_load`.
class Places {
 public:
  Atoms atoms;
  std::vector<Root> roots;
  bool inside = false;           // of the loop that is looked at
  std::optional<int64_t> trips;  // of that loop
  std::function<void(Place, source::Span)> on_load;

  // Forget what expressions stood for: something was assigned.
  void changed() { memo_.clear(); }
  ValueRef evaluate(const Env& env, kir::ExprRef e);

  // A value that nothing is known of but the flags.
  ValueRef unknown(sema::TypeRef type, bool varies, bool lossy, bool digits, const std::string& name = {},
                   bool data = false);
  ValueRef of_poly(Poly p);
  ValueRef new_array(std::string name, bool shared, std::vector<Poly> extents, size_t rank);
  ValueRef whole(uint32_t root, size_t rank);
  ValueRef part_of(uint32_t root, size_t rank);
  Poly length(const Place& place, uint32_t axis);
  // The element, or part, at the indices; bit k of `wrap`: index k may count from the end.
  Place at(const Env& env, const Place& of, const std::vector<kir::ExprRef>& indices, uint32_t wrap);
  // a where `choice` holds, else b.
  struct Choice {
    bool varies = false;
    std::vector<Known> yes, no;
  };
  ValueRef merged(const ValueRef& a, const ValueRef& b, sema::TypeRef type, Choice choice);
  // What follows from the condition being true, or false.
  void assume(const Env& env, kir::ExprRef condition, bool truth, std::vector<Known>& facts);
  ValueRef foreign_array(size_t rank);
  void stored(const Place& place) {
    ++stores_[place.root];
    // Inside, arrays that may be one are compared when the loop begins; what was loaded before it is another matter.
    if (!inside && roots[place.root].shared) ++stores_before_;
  }
  bool is_private(const Place& place) const { return !roots[place.root].shared; }

 private:
  ValueRef compute(const Env& env, kir::ExprRef e);
  ValueRef arithmetic(kir::ExprRef e, const Value& a, const Value& c);
  ValueRef divided(kir::Op op, kir::ExprRef e, const Value& a, const Value& c);
  ValueRef chosen(const Env& env, kir::ExprRef e, const std::vector<ValueRef>& args);
  ValueRef absolute(const Value& a);
  void unequal(const Value& a, const Poly& c, bool different, std::vector<Known>& facts);
  ValueRef view(const Env& env, kir::ExprRef e, const Place& of);
  ValueRef load(const Env& env, kir::ExprRef e);
  ValueRef opaque(kir::ExprRef e, const std::vector<ValueRef>& args, bool lossy, bool digits);
  bool is_length(const Poly& p) const;
  ValueRef extreme(kir::ExprRef e, const ValueRef& a, const ValueRef& c);
  // no + (yes - no) * choice
  ValueRef choose(const Poly& yes, const Poly& no, Atom choice);
  Atom choice(std::string name, const Value& a, const Value& c) const;
  bool goes_negative(const Poly& p) const;
  Poly within(const Poly& index, const Poly& length, std::vector<Poly>& assumed);
  bool is_plainly_positive(const Poly& p) const;
  std::string fresh(const char* what);

  std::unordered_map<kir::ExprRef, ValueRef> memo_;
  std::map<uint32_t, int> stores_;
  int stores_before_ = 0;  // to any array from outside
  uint64_t made_ = 0;
};

}  // namespace kjit::passes
