// Diagnostics: one table of kinds (diagnostics.def), structured objects for hosts, and text in clang's form for people.
#pragma once

#include <fmt/format.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "source/source_file.h"

namespace kjit::source {

enum class Severity : uint8_t { Error, Warning, Note };

enum class Diag : uint16_t {
#define DIAG(name, severity, text) name,
#include "source/diagnostics.def"
#undef DIAG
};

std::string_view diag_name(Diag diag);  // "undefined_name" is spelled "undefined-name"
std::string_view diag_text(Diag diag);  // fmt format string of the message
Severity diag_severity(Diag diag);

struct Note {
  Location location;
  std::string text;
};

// One finding with its place, copied out of the source so that it outlives the file.
struct Diagnostic {
  Diag kind;
  Severity severity;
  std::string message;
  std::string file;                                             // path as shown; empty when there is no place
  uint32_t line = 0, column = 0, end_line = 0, end_column = 0;  // one-based; the end is exclusive
  std::string source_line;
  std::string hint;  // "" or one sentence that says what to change
  std::vector<Diagnostic> notes;
};

// Collects findings. Not thread-safe: one per compilation.
class Diagnostics {
 public:
  template <typename... Args>
  Diagnostic& report(Diag kind, Location where, const Args&... args) {
    return add(kind, where, fmt::format(fmt::runtime(diag_text(kind)), args...));
  }
  Diagnostic& add(Diag kind, Location where, std::string message);
  // Adds a note to the newest finding; dropped where it has one at that place already (functions that call themselves).
  void note(Location where, std::string text);

  // What another one found, behind what is here.
  void append(Diagnostics other);

  bool has_errors() const { return errors_ != 0; }
  size_t error_count() const { return errors_; }
  const std::vector<Diagnostic>& all() const { return all_; }
  std::vector<Diagnostic> take();

 private:
  std::vector<Diagnostic> all_;
  size_t errors_ = 0;
};

// "file:line:col: error: message [kind]\n   source line\n   ^~~~~\n..." for one finding with its notes and hint.
std::string render(const Diagnostic& diagnostic, bool color = false);
std::string render(const std::vector<Diagnostic>& diagnostics, bool color = false);

// Stops a stage; carries everything found so far (at least one error).
class CompileFailure : public std::runtime_error {
 public:
  explicit CompileFailure(std::vector<Diagnostic> found);
  const std::vector<Diagnostic>& diagnostics() const { return found_; }

 private:
  std::vector<Diagnostic> found_;
};

// The candidate nearest to `word` in edit distance, when near enough to be a likely misspelling; else "".
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace kjit::source
