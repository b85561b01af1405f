// Errors and tables of times.
#include "output.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace kjit_tool {

bool has_color(int descriptor) {
  const char* wish = std::getenv("NO_COLOR");
  return isatty(descriptor) != 0 && (!wish || !*wish);
}

void print_times(const std::vector<kjit::StageTime>& times) {
  double total = 0;
  fmt::print(stderr, "{:<12} {:>6} {:>12}\n", "stage", "runs", "ms");
  for (const auto& row : times) {
    fmt::print(stderr, "{:<12} {:>6} {:>12.3f}\n", row.stage, row.runs, row.milliseconds);
    total += row.milliseconds;
  }
  fmt::print(stderr, "{:<12} {:>6} {:>12.3f}\n", "sum", "", total);
}

int report(const kjit::Error& error) {
  std::fflush(stdout);
  std::string text = error.render(has_color(STDERR_FILENO));
  if (text.empty() || text.back() != '\n') text += '\n';
  std::fputs(text.c_str(), stderr);
  if (error.kind() == kjit::ErrorKind::Interrupted) return 130;
  return error.kind() == kjit::ErrorKind::Usage ? 2 : 1;
}

}  // namespace kjit_tool
