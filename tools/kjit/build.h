// kjit build: kernels to files, which appear whole or not at all.
#pragma once

#include <kjit/kjit.h>

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

struct Build {
  std::vector<std::string> files, signatures;
  std::string output, header, prefix;

  // The command's own options; those that all commands share come apart.
  void add_to(CLI::App& app);
  // Throws kjit::Error. What the stages took is added to `times`.
  void run(kjit::Options options, std::vector<kjit::StageTime>& times) const;
};
