// kjit check FILE...
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

class CheckCommand {
 public:
  void add_to(CLI::App& app);
  bool chosen() const { return command_->parsed(); }
  const CLI::App& command() const { return *command_; }
  // Exit status: 0 no errors, 1 errors.
  int run() const;

 private:
  CLI::App* command_ = nullptr;
  std::vector<std::string> files_;
  bool json_ = false;
};
