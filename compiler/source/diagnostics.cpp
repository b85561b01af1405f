// The table of diagnostics and the list that collects findings.
#include "source/diagnostics.h"

#include <algorithm>
#include <array>
#include <utility>

namespace kjit::source {

namespace {

struct Row {
  std::string_view name;
  Severity severity;
  std::string_view text;
};

constexpr auto kRows = std::to_array<Row>({
#define DIAG(name, severity, text) {#name, Severity::severity, text},
#include "source/diagnostics.def"
#undef DIAG
});

const Row& row(Diag diag) { return kRows.at(static_cast<size_t>(diag)); }

std::vector<std::string> dashed_names() {
  std::vector<std::string> names;
  for (const Row& row : kRows) {
    std::string& name = names.emplace_back(row.name);
    std::replace(name.begin(), name.end(), '_', '-');
  }
  return names;
}

Diagnostic make(Diag kind, Severity severity, Location where, std::string message) {
  Diagnostic made;
  made.kind = kind, made.severity = severity, made.message = std::move(message);
  if (where.file == nullptr) return made;
  made.file = where.file->path();
  if (where.span == Span{}) return made;  // about the whole file
  const LineColumn begin = where.file->line_column(where.span.begin);
  const LineColumn end = where.file->line_column(std::max(where.span.begin, where.span.end));
  made.line = begin.line, made.column = begin.column, made.end_line = end.line, made.end_column = end.column;
  made.source_line = where.file->line(begin.line);
  return made;
}

std::string headline(const std::vector<Diagnostic>& found) {
  for (const Diagnostic& diagnostic : found) {
    if (diagnostic.severity != Severity::Error) continue;
    if (diagnostic.file.empty()) return diagnostic.message;
    return fmt::format("{}:{}:{}: {}", diagnostic.file, diagnostic.line, diagnostic.column, diagnostic.message);
  }
  return "compilation failed";
}

}  // namespace

std::string_view diag_name(Diag diag) {
  static const std::vector<std::string> names = dashed_names();
  return names.at(static_cast<size_t>(diag));
}

std::string_view diag_text(Diag diag) { return row(diag).text; }

Severity diag_severity(Diag diag) { return row(diag).severity; }

Diagnostic& Diagnostics::add(Diag kind, Location where, std::string message) {
  const Severity severity = diag_severity(kind);
  if (severity == Severity::Error) ++errors_;
  return all_.emplace_back(make(kind, severity, where, std::move(message)));
}

void Diagnostics::note(Location where, std::string text) {
  if (all_.empty()) return;
  Diagnostic& newest = all_.back();
  Diagnostic note = make(newest.kind, Severity::Note, where, std::move(text));
  auto same_place = [&](const Diagnostic& other) {
    return !other.file.empty() && other.file == note.file && other.line == note.line && other.column == note.column;
  };
  if (std::any_of(newest.notes.begin(), newest.notes.end(), same_place)) return;
  newest.notes.push_back(std::move(note));
}

std::vector<Diagnostic> Diagnostics::take() {
  errors_ = 0;
  return std::exchange(all_, {});
}

void Diagnostics::append(Diagnostics other) {
  errors_ += other.errors_;
  for (Diagnostic& d : other.all_) all_.push_back(std::move(d));
}

CompileFailure::CompileFailure(std::vector<Diagnostic> found)
    : std::runtime_error(headline(found)), found_(std::move(found)) {}

}  // namespace kjit::source
