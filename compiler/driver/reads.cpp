// What compiled code has read of a session's variables.
#include "driver/reads.h"

#include <algorithm>

#include "eval/objects.h"

namespace kjit::driver {

bool Reads::hold(const Specialisations::Key& key) const {
  const auto found = reads_.find(key);
  if (found == reads_.end()) return true;
  return std::ranges::all_of(found->second, [&](const eval::Variables::Read& read) {
    const Value* now = variables_->find(read.name);
    return now ? eval::is_same(read.value, *now) : eval::is_unbound(read.value);
  });
}

Specialisations::CodePtr Reads::keep(const Specialisations::Key& key,
                                     const std::function<Specialisations::CodePtr()>& compile) {
  std::vector<eval::Variables::Read> reads;
  Specialisations::CodePtr code;
  {
    const eval::Variables::Recording recording(*variables_, reads);
    code = compile();
  }
  if (code) reads_[key] = std::move(reads);
  return code;
}

}  // namespace kjit::driver
