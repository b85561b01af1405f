#include "sema/einsum.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace kjit::sema {

namespace {

constexpr std::string_view kDots = "...";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

struct Term {
  std::string before, behind;  // letters around the dots
  bool dots = false;
};

bool parse_term(std::string_view text, Term& out, std::string& error) {
  for (size_t i = 0; i < text.size(); ++i) {
    if (is_letter(text[i])) {
      (out.dots ? out.behind : out.before) += text[i];
    } else if (text.substr(i).starts_with(kDots) && !out.dots) {
      out.dots = true;
      i += kDots.size() - 1;
    } else {
      error = fmt::format("invalid subscript '{}' in einstein sum subscripts string", text[i]);
      return false;
    }
  }
  return true;
}

// Numbers of labels; axes that dots stand for are counted from the last one.
class Labels {
 public:
  uint32_t of(char letter) { return number(letter); }
  uint32_t of_dots(uint32_t from_last) { return number(-1 - static_cast<int>(from_last)); }
  bool known(char letter) const { return numbers_.count(letter) != 0; }
  uint32_t count() const { return static_cast<uint32_t>(numbers_.size()); }

 private:
  uint32_t number(int key) { return numbers_.emplace(key, count()).first->second; }
  std::map<int, uint32_t> numbers_;
};

std::vector<uint32_t> numbered(const Term& term, uint32_t dots, Labels& labels) {
  std::vector<uint32_t> out;
  for (char c : term.before) out.push_back(labels.of(c));
  for (uint32_t k = dots; k-- > 0;) out.push_back(labels.of_dots(k));
  for (char c : term.behind) out.push_back(labels.of(c));
  return out;
}

// Without an output: what the dots stand for, then the letters that appear once, in alphabetical order.
Term implicit_output(const std::vector<Term>& inputs) {
  std::map<char, int> seen;
  Term out;
  for (const Term& term : inputs) {
    out.dots |= term.dots;
    for (char c : term.before + term.behind) ++seen[c];
  }
  for (const auto& [letter, times] : seen) {
    if (times == 1) out.behind += letter;
  }
  return out;
}

bool check_output(const Term& output, const Labels& labels, std::string& error) {
  const std::string letters = output.before + output.behind;
  for (char c : letters) {
    const char* wrong = !labels.known(c)                                    ? "which never appeared in an input"
                        : std::count(letters.begin(), letters.end(), c) > 1 ? "multiple times"
                                                                            : nullptr;
    if (!wrong) continue;
    error = fmt::format("einstein sum subscripts string includes output subscript '{}' {}", c, wrong);
    return false;
  }
  return true;
}

}  // namespace

bool Einsum::summed(uint32_t label) const { return std::find(output.begin(), output.end(), label) == output.end(); }

bool Einsum::is_view() const { return operands.size() == 1 && output.size() == labels; }

bool parse_einsum(std::string_view text, const std::vector<uint32_t>& ranks, Einsum& out, std::string& error) {
  std::string plain;
  std::copy_if(text.begin(), text.end(), std::back_inserter(plain), [](char c) { return c != ' '; });
  const size_t arrow = plain.find("->");
  const std::string left = plain.substr(0, arrow);
  std::vector<Term> inputs;
  for (size_t at = 0; at <= left.size();) {
    const size_t end = std::min(left.find(',', at), left.size());
    if (!parse_term(std::string_view(left).substr(at, end - at), inputs.emplace_back(), error)) return false;
    at = end + 1;
  }
  if (inputs.size() != ranks.size()) {
    error = fmt::format("{} operands provided to einstein sum function than specified in the subscripts string",
                        ranks.size() > inputs.size() ? "more" : "fewer");
    return false;
  }
  Labels labels;
  uint32_t most_dots = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const auto letters = static_cast<uint32_t>(inputs[i].before.size() + inputs[i].behind.size());
    if (letters > ranks[i]) {
      error = fmt::format("einstein sum subscripts string contains too many subscripts for operand {}", i);
      return false;
    }
    if (letters < ranks[i] && !inputs[i].dots) {
      error =
          "operand has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to "
          "broadcast the extra dimensions.";
      return false;
    }
    most_dots = std::max(most_dots, ranks[i] - letters);
    out.operands.push_back(numbered(inputs[i], ranks[i] - letters, labels));
  }
  Term output = implicit_output(inputs);
  if (arrow != std::string::npos) {
    output = Term{};
    if (!parse_term(std::string_view(plain).substr(arrow + 2), output, error)) return false;
    if (!output.dots && most_dots > 0) {
      error =
          "output has more dimensions than subscripts given in einstein sum, but no '...' ellipsis provided to "
          "broadcast the extra dimensions.";
      return false;
    }
  }
  if (!check_output(output, labels, error)) return false;
  out.output = numbered(output, most_dots, labels);
  out.labels = labels.count();
  return true;
}

}  // namespace kjit::sema
