// What the compiled code of a session has read of its variables: functions that it calls, numbers, modules. Code whose
// variables have been given other values since is compiled again at its next call, so that a function that was defined
// anew is seen by what calls it. Contents of arrays stay as they were when the code was compiled.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "driver/specialisations.h"
#include "eval/variables.h"

namespace kjit::driver {

// Not thread-safe: a session runs on one thread at a time.
class Reads {
 public:
  explicit Reads(std::shared_ptr<eval::Variables> variables) : variables_(std::move(variables)) {}

  // Whether the variables are what they were when the code of this key was compiled; true when it was not.
  bool hold(const Specialisations::Key& key) const;
  // Compiles, and writes down what is read meanwhile.
  Specialisations::CodePtr keep(const Specialisations::Key& key,
                                const std::function<Specialisations::CodePtr()>& compile);

 private:
  std::shared_ptr<eval::Variables> variables_;
  std::unordered_map<Specialisations::Key, std::vector<eval::Variables::Read>, Specialisations::Hash> reads_;
};

}  // namespace kjit::driver
