#include "passes/remarks.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace kjit::passes {

std::string to_string(const std::vector<Remark>& remarks) {
  std::vector<size_t> order(remarks.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return std::pair(remarks[a].span.begin, a) < std::pair(remarks[b].span.begin, b);
  });
  std::string out;
  std::set<std::string> said;  // a helper has a version for each kind of arguments
  uint32_t line = 0;
  for (size_t i : order) {
    const Remark& r = remarks[i];
    const source::LineColumn at = r.file->line_column(r.span.begin);
    constexpr const char* kKinds[] = {"loop",   "fused",  "kept", "threads", "serial",
                                      "inside", "placed", "anew", "merged",  "apart"};
    const std::string text =
        fmt::format("{}:{}:{}: {}: {}\n", r.file->path(), at.line, at.column, kKinds[r.kind], r.text);
    if (!said.insert(text).second) continue;
    out += text;
    if (at.line != line) out += fmt::format("{:5} | {}\n", at.line, r.file->line(at.line));
    line = at.line;
  }
  return out;
}

}  // namespace kjit::passes
