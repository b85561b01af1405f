// kjit check: all findings of files, for people or as JSON.
#include "check.h"

#include <fmt/format.h>
#include <kjit/check.h>
#include <unistd.h>

#include <cstdio>

namespace {

std::string json_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\', out += c;
    } else if (code < 0x20) {
      out += fmt::format("\\u{:04x}", code);
    } else {
      out += c;
    }
  }
  return out + '"';
}

const char* severity(kjit::Finding::Severity s) {
  return s == kjit::Finding::Severity::Error ? "error" : s == kjit::Finding::Severity::Warning ? "warning" : "note";
}

std::string json(const kjit::Finding& f) {
  std::string out = fmt::format(R"({{"file": {}, "line": {}, "column": {}, )", json_string(f.place.file), f.place.line,
                                f.place.column);
  if (f.place.end_line != 0)
    out += fmt::format(R"("end": {{"line": {}, "column": {}}}, )", f.place.end_line, f.place.end_column);
  out += fmt::format(R"("severity": "{}", "code": {}, "message": {}, "hint": {}, "notes": [)", severity(f.severity),
                     json_string(f.id), json_string(f.message), f.hint.empty() ? "null" : json_string(f.hint));
  for (size_t i = 0; i < f.notes.size(); ++i)
    out += fmt::format(R"({}{{"file": {}, "line": {}, "column": {}, "message": {}}})", i ? ", " : "",
                       json_string(f.notes[i].place.file), f.notes[i].place.line, f.notes[i].place.column,
                       json_string(f.notes[i].message));
  return out + "]}";
}

kjit::Finding unreadable(const std::string& file, const kjit::Error& error) {
  kjit::Finding finding;
  finding.id = "unreadable-file";
  finding.message = error.message();
  finding.place.file = file;
  return finding;
}

}  // namespace

void CheckCommand::add_to(CLI::App& app) {
  command_ =
      app.add_subcommand("check", "Find the errors of files without running them; exit status 1 where there are some");
  command_->add_option("files", files_, "Kernel files")->required();
  command_->add_flag("--json", json_, "Write the findings as a JSON array on standard output");
  command_->allow_extras();
}

int CheckCommand::run() const {
  size_t errors = 0, warnings = 0, typed = 0;
  std::vector<std::string> untyped, objects;
  std::string code;  // of the first error
  for (const std::string& file : files_) {
    kjit::Checked checked;
    try {
      checked = kjit::check_file(file);
    } catch (const kjit::Error& error) {
      if (error.kind() != kjit::ErrorKind::OSError) throw;
      checked.findings.push_back(unreadable(file, error));
    }
    typed += static_cast<size_t>(checked.typed);
    for (const std::string& name : checked.untyped) untyped.push_back(fmt::format("{} ({})", name, file));
    for (const kjit::Finding& finding : checked.findings) {
      ++(finding.severity == kjit::Finding::Severity::Error ? errors : warnings);
      if (code.empty() && errors != 0 && finding.id != "unreadable-file") code = finding.id;
      if (json_) {
        objects.push_back(json(finding));
      } else {
        const std::string text = kjit::render(finding, isatty(STDERR_FILENO));
        std::fwrite(text.data(), 1, text.size(), stderr);
      }
    }
  }
  if (json_) {
    fmt::print("[{}{}{}]\n", objects.empty() ? "" : "\n  ", fmt::join(objects, ",\n  "), objects.empty() ? "" : "\n");
  } else {
    const auto counted = [](size_t n, const char* what) { return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s"); };
    fmt::print(stderr, "{}, {}; {} typed\n", counted(errors, "error"), counted(warnings, "warning"),
               counted(typed, "function"));
    if (!code.empty()) fmt::print(stderr, "`kjit explain {}` tells more of such an error\n", code);
    if (!untyped.empty())
      fmt::print(stderr, "not typed, for want of a signature or a call whose types can be told: {}\n",
                 fmt::join(untyped, ", "));
  }
  return std::fflush(stdout) != 0 || errors != 0 ? 1 : 0;
}
