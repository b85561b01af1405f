// The variables of one scope: of a module, or of all texts that a session runs one after another.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "kjit/value.h"

namespace kjit::eval {

class Interpreter;

class Variables {
 public:
  // What compiled code has read: the name, and the value that it had (unbound: none, or a built-in's).
  struct Read {
    std::string name;
    Value value;
  };

  explicit Variables(Interpreter& interpreter) : interpreter_(interpreter) {}
  Variables(const Variables&) = delete;
  Variables& operator=(const Variables&) = delete;

  // Slots are stable; `fallback` is the built-in of that name, unbound when there is none.
  struct Slot {
    Value value, fallback;
  };
  uint32_t slot(std::string_view name);
  Slot& at(uint32_t index) { return slots_[index]; }
  const Value* find(std::string_view name) const;  // null: not defined
  void set(std::string_view name, Value value) { slots_[slot(name)].value = std::move(value); }
  std::vector<std::string> names() const;    // those with a value, and built-ins that were asked for
  std::vector<std::string> defined() const;  // in the order in which they were first met
  void forget(std::string_view name);        // no value any more
  // The scope is over: values are dropped, slots are not valid any more.
  void clear();

  // While it lives, lookups for compiled code are written down in `reads`, each name once.
  class Recording {
   public:
    Recording(Variables& variables, std::vector<Read>& reads) : variables_(variables), before_(variables.reads_) {
      variables.reads_ = &reads;
    }
    ~Recording() { variables_.reads_ = before_; }
    Recording(const Recording&) = delete;
    Recording& operator=(const Recording&) = delete;

   private:
    Variables& variables_;
    std::vector<Read>* before_;
  };
  void note_read(std::string_view name, const Value* value) const;

 private:
  Interpreter& interpreter_;
  std::deque<Slot> slots_;
  std::deque<std::string> names_;
  std::unordered_map<std::string_view, uint32_t> index_;
  std::vector<Read>* reads_ = nullptr;
};

// Whether a variable that held `a` and holds `b` was left alone, as far as compiled code can tell: the same number,
// text or object. Elements of arrays are not compared.
bool is_same(const Value& a, const Value& b);

}  // namespace kjit::eval
