// The installed error type, and how findings of the stages become findings of it.
#include "kjit/error.h"

#include <fmt/format.h>
#include <kjit_rt/core.h>

#include "eval/errors.h"

namespace kjit {

namespace {

source::Diagnostic to_diagnostic(const Finding& finding) {
  source::Diagnostic out{};
  out.kind = eval::diag_of(finding.id);
  out.severity = static_cast<source::Severity>(finding.severity);
  out.message = finding.message;
  out.hint = finding.hint;
  out.file = finding.place.file;
  out.line = finding.place.line, out.column = finding.place.column;
  out.end_line = finding.place.end_line, out.end_column = finding.place.end_column;
  out.source_line = finding.place.source_line;
  for (const Finding& note : finding.notes) out.notes.push_back(to_diagnostic(note));
  return out;
}

std::string named(ErrorKind kind, const std::string& message) {
  if (message.empty()) return name(kind);
  return fmt::format("{}: {}", name(kind), message);
}

std::string what_of(ErrorKind kind, const std::string& message, const std::vector<Finding>& findings) {
  if (kind != ErrorKind::Compile || findings.empty()) return named(kind, message);
  std::string out;
  for (const Finding& finding : findings) out += source::render(to_diagnostic(finding));
  return out;
}

}  // namespace

std::string render(const Finding& finding, bool color) { return source::render(to_diagnostic(finding), color); }

const char* name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::Compile:
      return "CompileError";
    case ErrorKind::Usage:
      return "UsageError";
    case ErrorKind::Internal:
      return "InternalError";
    default:
      return kjit_status_name(static_cast<int32_t>(kind));  // the numbers are those of kjit_status
  }
}
static_assert(static_cast<int>(ErrorKind::Exception) == KJIT_EXCEPTION);
static_assert(static_cast<int>(ErrorKind::UnownedResult) == KJIT_UNOWNED_RESULT);

Error::Error(ErrorKind kind, std::string message, Place place, std::vector<Finding> findings)
    : std::runtime_error(what_of(kind, message, findings)),
      kind_(kind),
      message_(std::move(message)),
      place_(std::move(place)),
      findings_(std::move(findings)) {}

Error::~Error() = default;

std::string Error::render(bool color) const {
  std::string out;
  if (kind_ != ErrorKind::Compile || findings_.empty()) {
    Finding finding;
    finding.id = "script-error";
    finding.message = named(kind_, message_);
    finding.place = place_;
    finding.notes = findings_;
    return source::render(to_diagnostic(finding), color);
  }
  for (const Finding& finding : findings_) out += source::render(to_diagnostic(finding), color);
  return out;
}

}  // namespace kjit

namespace kjit::eval {

source::Diag diag_of(std::string_view id) {
  static constexpr source::Diag kAll[] = {
#define DIAG(name, severity, text) source::Diag::name,
#include "source/diagnostics.def"
#undef DIAG
  };
  for (const source::Diag diag : kAll)
    if (source::diag_name(diag) == id) return diag;
  return source::Diag::script_error;
}

Place to_place(const source::Location& where, std::string_view function) {
  Place out;
  if (!where.file) return out;
  const source::LineColumn begin = where.file->line_column(where.span.begin);
  const source::LineColumn end = where.file->line_column(where.span.end);
  out.file = where.file->path();
  out.function = function;
  out.line = begin.line, out.column = begin.column;
  out.end_line = end.line, out.end_column = end.column;
  out.source_line = where.file->line(begin.line);
  return out;
}

Finding to_finding(const source::Diagnostic& diagnostic) {
  Finding out;
  out.severity = static_cast<Finding::Severity>(diagnostic.severity);
  out.id = source::diag_name(diagnostic.kind);
  out.message = diagnostic.message;
  out.hint = diagnostic.hint;
  out.place.file = diagnostic.file;
  out.place.line = diagnostic.line, out.place.column = diagnostic.column;
  out.place.end_line = diagnostic.end_line, out.place.end_column = diagnostic.end_column;
  out.place.source_line = diagnostic.source_line;
  for (const source::Diagnostic& note : diagnostic.notes) out.notes.push_back(to_finding(note));
  return out;
}

Error compile_error(const std::vector<source::Diagnostic>& found) {
  std::vector<Finding> findings;
  const source::Diagnostic* first = nullptr;
  for (const source::Diagnostic& diagnostic : found) {
    findings.push_back(to_finding(diagnostic));
    if (!first && diagnostic.severity == source::Severity::Error) first = &diagnostic;
  }
  if (!first) return Error(ErrorKind::Internal, "a stage failed without a finding", {}, std::move(findings));
  Place place = to_finding(*first).place;
  return Error(ErrorKind::Compile, first->message, std::move(place), std::move(findings));
}

}  // namespace kjit::eval
