// kjit explain [CODE]
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <string_view>
#include <vector>

// What lang-spec/findings says of a code, in order of the codes.
struct ExplainPage {
  std::string_view code, text;
};
const std::vector<ExplainPage>& explain_pages();
// Prints the page, or the list of codes where none is given. Exit status: 0, 1 where output fails; throws Usage for an
// unknown code.
int explain(const std::string& code);

class ExplainCommand {
 public:
  void add_to(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  const CLI::App& command() const { return *command_; }
  int run() const { return explain(code_); }

 private:
  CLI::App* command_ = nullptr;
  std::string code_;
};
