// Spelling hints: edit distance with transpositions (Damerau-Levenshtein, optimal string alignment).
#include <algorithm>
#include <cctype>

#include "source/diagnostics.h"

namespace kjit::source {

namespace {

// Twice the edit distance; a change of letter case costs half an edit, so that 'Empty' finds 'empty' first.
size_t distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  std::vector<size_t> before, previous(b.size() + 1), current(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) previous[j] = 2 * j;
  before = previous;
  for (size_t i = 1; i <= a.size(); ++i) {
    current[0] = 2 * i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = a[i - 1] == b[j - 1] ? 0 : lower(a[i - 1]) == lower(b[j - 1]) ? 1 : 2;
      current[j] = std::min({previous[j] + 2, current[j - 1] + 2, previous[j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], before[j - 2] + 2);
      }
    }
    std::swap(before, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr size_t kLongest = 64;  // longer words are no misspellings, and the distance is quadratic
  if (word.size() > kLongest) return "";
  const size_t allowed = word.size() <= 1 ? 1 : 2 * std::max<size_t>(1, word.size() / 3);
  std::string best;
  size_t best_distance = allowed + 1;
  for (const std::string& candidate : candidates) {
    if (candidate == word || candidate.size() > kLongest) continue;
    const size_t edits = distance(word, candidate);
    if (edits < best_distance) best = candidate, best_distance = edits;
  }
  return best;
}

}  // namespace kjit::source
