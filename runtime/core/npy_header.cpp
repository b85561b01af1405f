// Reading and writing the header dictionary: a small part of Python's literals.
#include "core/npy_header.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "core/dtype.h"

namespace kjit::rt {
namespace {

class HeaderParser {
 public:
  HeaderParser(std::string_view text, NpyHeader& header, NpyProblem& problem)
      : text_(text), header_(header), problem_(problem) {}

  bool parse() {
    if (!take('{')) return fail("the header is not a dictionary");
    bool seen[3] = {};
    while (!take('}')) {
      std::string_view key;
      if (!take_string(key)) return fail("the header is damaged: a key is expected");
      int which = key == "descr" ? 0 : key == "fortran_order" ? 1 : key == "shape" ? 2 : -1;
      if (which < 0) return fail("the header has an unknown key", key);
      if (seen[which]) return fail("the header has a key twice", key);
      seen[which] = true;
      if (!take(':')) return fail("the header is damaged: ':' is expected after a key", key);
      if (!(which == 0 ? parse_descr() : which == 1 ? parse_order() : parse_shape())) return false;
      if (!take(',') && !peek('}'))
        return fail("the header is damaged: ',' or '}' is expected after the value of", key);
    }
    skip_space();
    if (!text_.empty()) return fail("the header is damaged: text follows the dictionary");
    if (!seen[0] || !seen[1] || !seen[2]) return fail("the header lacks one of descr, fortran_order, shape");
    return true;
  }

 private:
  bool fail(const char* what, std::string_view detail = {}) {
    char shown[65];  // of the file's text, which may be anything
    const size_t size = std::min(detail.size(), sizeof shown - 1);
    std::transform(detail.begin(), detail.begin() + size, shown, [](char c) { return c >= ' ' && c <= '~' ? c : '?'; });
    shown[size] = 0;
    std::snprintf(problem_.text, sizeof problem_.text, size == 0 ? "%s" : "%s '%s'", what, shown);
    return false;
  }

  void skip_space() {
    size_t count = text_.find_first_not_of(" \t\r\n\f\v");
    text_.remove_prefix(count == text_.npos ? text_.size() : count);
  }

  bool peek(char c) {
    skip_space();
    return !text_.empty() && text_.front() == c;
  }

  bool take(char c) {
    if (!peek(c)) return false;
    text_.remove_prefix(1);
    return true;
  }

  bool take_word(std::string_view word) {
    skip_space();
    if (text_.substr(0, word.size()) != word) return false;
    text_.remove_prefix(word.size());
    return true;
  }

  // Without escapes: none of the texts in question has any.
  bool take_string(std::string_view& out) {
    if (!peek('\'') && !peek('"')) return false;
    const char quote = text_.front();
    size_t end = text_.find(quote, 1);
    if (end == text_.npos) return false;
    out = text_.substr(1, end - 1);
    text_.remove_prefix(end + 1);
    return true;
  }

  bool parse_descr() {
    if (peek('[')) return fail("structured dtypes are not supported");
    std::string_view descr;
    if (!take_string(descr)) return fail("the header is damaged: descr is not text");
    std::string_view code = descr;
    char order = '=';
    if (!code.empty() && std::string_view("<>|=").find(code.front()) != code.npos) {
      order = code.front();
      code.remove_prefix(1);
    }
    for (int dtype = 0; dtype < kDtypeCount; ++dtype) {
      const DtypeRow& row = kDtypes[dtype];
      int size = 0;
      if (code.empty() || code.front() != static_cast<char>(row.kind)) continue;
      auto [end, error] = std::from_chars(code.data() + 1, code.data() + code.size(), size);
      if (error != std::errc() || end != code.data() + code.size() || size != row.size) continue;
      if (order == '>' && size > 1) return fail("big-endian numbers are not supported: dtype", descr);
      header_.dtype = dtype;
      return true;
    }
    return fail("arrays of this dtype are not supported:", descr);
  }

  bool parse_order() {
    header_.fortran_order = take_word("True");
    if (!header_.fortran_order && !take_word("False"))
      return fail("the header is damaged: fortran_order is not a bool");
    return true;
  }

  bool parse_shape() {
    if (!take('(')) return fail("the header is damaged: shape is not a tuple");
    while (!take(')')) {
      skip_space();
      int64_t extent = 0;
      auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), extent);
      if (error != std::errc()) return fail("the header is damaged: shape does not consist of integers");
      if (extent < 0) return fail("the header is damaged: shape has a negative extent");
      if (header_.rank == KJIT_NPY_MAX_RANK) return fail("the array has more than 64 dimensions");
      header_.shape[static_cast<size_t>(header_.rank++)] = extent;
      text_.remove_prefix(static_cast<size_t>(end - text_.data()));
      take_word("L");  // written by Python 2
      if (!take(',') && !(peek(')') && header_.rank > 1)) return fail("the header is damaged: shape is not a tuple");
    }
    return true;
  }

  std::string_view text_;
  NpyHeader& header_;
  NpyProblem& problem_;
};

}  // namespace

bool parse_npy_header(std::string_view text, NpyHeader& header, NpyProblem& problem) {
  return HeaderParser(text, header, problem).parse();
}

bool npy_data_size(const NpyHeader& header, int64_t& bytes) {
  bool overflow = false;
  bool empty = false;
  bytes = kDtypes[header.dtype].size;
  for (int axis = 0; axis < header.rank; ++axis) {
    const int64_t extent = header.shape[static_cast<size_t>(axis)];
    empty |= extent == 0;
    overflow |= __builtin_mul_overflow(bytes, extent, &bytes);
  }
  if (empty) bytes = 0;
  return empty || !overflow;
}

std::string make_npy_preamble(const NpyHeader& header) {
  constexpr size_t kAlignment = 64;
  constexpr size_t kGrowth = 21;  // room for the extent that grows when data is appended in place
  const DtypeRow& row = kDtypes[header.dtype];
  std::string text = "{'descr': '";
  text += row.size == 1 ? '|' : '<';
  text += static_cast<char>(row.kind);
  text += std::to_string(row.size);
  text += "', 'fortran_order': ";
  text += header.fortran_order ? "True" : "False";
  text += ", 'shape': (";
  for (int axis = 0; axis < header.rank; ++axis) {
    if (axis > 0) text += ' ';
    text += std::to_string(header.shape[static_cast<size_t>(axis)]);
    if (axis + 1 < header.rank || header.rank == 1) text += ',';
  }
  text += "), }";
  if (header.rank > 0) {
    const int axis = header.fortran_order ? header.rank - 1 : 0;
    text.append(kGrowth - std::to_string(header.shape[static_cast<size_t>(axis)]).size(), ' ');
  }
  // Version 1.0: two bytes of length. 64 extents of 19 digits and the rest stay far below 65536.
  const size_t before = kNpyMagic.size() + 2 + 2;
  text.append(kAlignment - (before + text.size() + 1) % kAlignment, ' ');
  text += '\n';
  std::string out(kNpyMagic);
  out += {1, 0, static_cast<char>(text.size() & 0xFF), static_cast<char>(text.size() >> 8)};
  return out + text;
}

}  // namespace kjit::rt
