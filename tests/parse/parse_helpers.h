// Short ways to parse a text in a test.
#pragma once

#include <memory>
#include <string>

#include "parse/parser.h"

namespace kjit::parse_tests {

struct Parsed {
  source::SourceFilePtr file;
  ast::AstPtr tree;
  source::Diagnostics diagnostics;

  std::string messages() const { return source::render(diagnostics.all()); }
};

inline Parsed parse_text(std::string text) {
  Parsed parsed;
  parsed.file = std::make_shared<source::SourceFile>("t.py", std::move(text));
  parsed.tree = parse::parse(parsed.file, parsed.diagnostics);
  return parsed;
}

// The dump of a text that must parse; else the messages.
inline std::string dump(std::string text) {
  const Parsed parsed = parse_text(std::move(text));
  return parsed.tree != nullptr ? parse::dump_ast(*parsed.tree) : parsed.messages();
}

// Drops the places from a dump.
inline std::string without_places(const std::string& dump) {
  std::string out;
  for (size_t i = 0; i < dump.size(); ++i) {
    if (dump[i] == ' ' && i + 1 < dump.size() && dump[i + 1] == '@' && isdigit(dump[i + 2])) {
      while (i < dump.size() && dump[i] != '\n') ++i;
    }
    if (i < dump.size()) out += dump[i];
  }
  return out;
}

// "line:col message" of every error, one a line; "" when all is well.
inline std::string errors(std::string text) {
  const Parsed parsed = parse_text(std::move(text));
  std::string out;
  for (const auto& found : parsed.diagnostics.all()) {
    if (!out.empty()) out += '\n';
    out += fmt::format("{}:{} {}", found.line, found.column, found.message);
  }
  return out;
}

}  // namespace kjit::parse_tests
