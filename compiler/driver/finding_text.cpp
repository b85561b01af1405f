#include "driver/finding_text.h"

#include <fmt/format.h>

#include <charconv>

#include "driver/cache_store.h"

namespace kjit::driver {

namespace {

bool take_number(std::string_view& from, uint32_t& out) {
  std::string_view part;
  if (!take_part(from, part) || part.empty()) return false;
  const auto read = std::from_chars(part.data(), part.data() + part.size(), out);
  return read.ec == std::errc() && read.ptr == part.data() + part.size();
}

}  // namespace

std::string text_of(const std::vector<source::Diagnostic>& findings) {
  std::string out;
  for (const source::Diagnostic& d : findings) {
    for (const uint32_t number :
         {static_cast<uint32_t>(d.kind), static_cast<uint32_t>(d.severity), d.line, d.column, d.end_line, d.end_column})
      append_part(out, fmt::format("{}", number));
    for (const std::string& text : {d.message, d.file, d.source_line, d.hint, text_of(d.notes)}) append_part(out, text);
  }
  return out;
}

bool findings_of_text(std::string_view text, std::vector<source::Diagnostic>& out) {
  while (!text.empty()) {
    source::Diagnostic d{};
    uint32_t kind = 0, severity = 0;
    for (uint32_t* number : {&kind, &severity, &d.line, &d.column, &d.end_line, &d.end_column})
      if (!take_number(text, *number)) return false;
    d.kind = static_cast<source::Diag>(kind), d.severity = static_cast<source::Severity>(severity);
    std::string_view notes;
    for (std::string* part : {&d.message, &d.file, &d.source_line, &d.hint}) {
      std::string_view taken;
      if (!take_part(text, taken)) return false;
      *part = taken;
    }
    if (!take_part(text, notes) || !findings_of_text(notes, d.notes)) return false;
    out.push_back(std::move(d));
  }
  return true;
}

}  // namespace kjit::driver
