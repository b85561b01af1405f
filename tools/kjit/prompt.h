// `kjit` without a command: code given on the command line or by a pipe, a file and a prompt after it, the prompt.
#pragma once

#include <kjit/engine.h>

#include <string>
#include <vector>

namespace kjit_tool {

struct Start {
  bool interactive = false;       // -i: the prompt after the code or file
  bool has_code = false;          // -c
  std::string code, file;         // file "-": standard input
  std::vector<std::string> args;  // the script's
};

// Exit status. Errors of scripts go to standard error; throws kjit::Error for wrong use.
int run_start(kjit::Options options, const Start& start, bool times, bool cache_report);

}  // namespace kjit_tool
