// Findings to diagnostics.
#include "parse/findings.h"

namespace kjit::parse {

void Findings::report(const source::SourceFile& file, source::Diagnostics& diagnostics, size_t limit) {
  std::vector<const Finding*> sorted;
  for (const Finding& finding : all_) sorted.push_back(&finding);
  std::sort(sorted.begin(), sorted.end(), [](const Finding* a, const Finding* b) {
    return a->span.begin != b->span.begin ? a->span.begin < b->span.begin : a < b;  // first come, first shown
  });
  // One finding a place: the first explains the others.
  const auto last = std::unique(sorted.begin(), sorted.end(),
                                [](const Finding* a, const Finding* b) { return a->span.begin == b->span.begin; });
  sorted.erase(last, sorted.end());
  if (sorted.size() > limit) sorted.resize(limit);
  for (const Finding* finding : sorted) {
    diagnostics.add(finding->kind, {&file, finding->span}, finding->message).hint = finding->hint;
    for (const auto& [span, text] : finding->notes) diagnostics.note({&file, span}, text);
  }
}

}  // namespace kjit::parse
