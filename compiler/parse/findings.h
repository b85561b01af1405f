// What the stages of parsing have found wrong, kept until the end so that it can be sorted and thinned.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "source/diagnostics.h"
#include "source/source_file.h"

namespace kjit::parse {

struct Finding {
  source::Diag kind;
  source::Span span;
  std::string message;
  std::string hint;
  std::vector<std::pair<source::Span, std::string>> notes;
};

class Findings {
 public:
  Finding& add(source::Diag kind, source::Span span, std::string message, std::string hint = "") {
    return all_.emplace_back(Finding{kind, span, std::move(message), std::move(hint), {}});
  }
  Finding& too_deep(source::Span span, size_t limit) {
    return add(source::Diag::too_deep, span,
               fmt::format(fmt::runtime(source::diag_text(source::Diag::too_deep)), limit));
  }
  // The text ends inside brackets, a string or a joined line: another line could mend what was found last.
  void set_ends_open() { ends_open_ = ends_open_ || all_.size() == 1; }
  bool ends_open() const { return ends_open_; }
  bool empty() const { return all_.empty(); }
  size_t size() const { return all_.size(); }
  bool any_within(source::Span span) const {
    return std::any_of(all_.begin(), all_.end(), [span](const Finding& finding) {
      return finding.span.begin >= span.begin && finding.span.begin <= span.end;
    });
  }
  const std::vector<Finding>& all() const { return all_; }
  // Hands the first `limit` findings, in the order of the text, to `diagnostics`.
  void report(const source::SourceFile& file, source::Diagnostics& diagnostics, size_t limit);

 private:
  std::vector<Finding> all_;
  bool ends_open_ = false;
};

// Limits that keep every later stage's recursion within an ordinary stack.
inline constexpr size_t kMaxBrackets = 200;  // open brackets around a token
inline constexpr size_t kMaxBlocks = 100;    // blocks around a line
inline constexpr size_t kMaxTreeDepth =
    500;  // nodes from the root of an expression, or of a chain of elif, to its leaves
inline constexpr size_t kMaxRuleDepth = 2500;  // grammar rules under way at once
inline constexpr size_t kMaxBytes = size_t{1} << 30;

// Thrown after a finding that leaves nothing to go on with.
struct GiveUp {};

}  // namespace kjit::parse
