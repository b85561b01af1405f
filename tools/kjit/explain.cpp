// kjit explain: what a code of errors and warnings means.
#include "explain.h"

#include <fmt/format.h>
#include <kjit/kjit.h>

#include <algorithm>
#include <cstdio>

namespace {

// The first sentence below the title, on one line.
std::string first_sentence(std::string_view text) {
  text.remove_prefix(std::min(text.find("\n\n") + 2, text.size()));
  const size_t end = text.find(". "), stop = std::min({end, text.find(".\n"), text.find("\n\n")});
  std::string out(text.substr(0, stop));
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

// "[undefined-name]", "error[undefined-name]" and "undefined_name" mean the code too.
std::string plain(std::string code) {
  if (const size_t open = code.find('['); open != std::string::npos) code.erase(0, open + 1);
  if (const size_t close = code.find(']'); close != std::string::npos) code.erase(close);
  std::replace(code.begin(), code.end(), '_', '-');
  return code;
}

}  // namespace

void ExplainCommand::add_to(CLI::App& app) {
  command_ = app.add_subcommand("explain", "Tell what the code of a message means, with a wrong and a right example");
  command_->add_option("code", code_, "What stands in brackets behind the message; all codes are listed without it");
  command_->allow_extras();
}

int explain(const std::string& code) {
  if (code.empty()) {
    for (const ExplainPage& page : explain_pages()) fmt::print("{:<22} {}\n", page.code, first_sentence(page.text));
    return std::fflush(stdout) == 0 ? 0 : 1;
  }
  std::vector<std::string> codes;
  for (const ExplainPage& page : explain_pages()) {
    codes.emplace_back(page.code);
    if (page.code != plain(code)) continue;
    std::fwrite(page.text.data(), 1, page.text.size(), stdout);
    return std::fflush(stdout) == 0 ? 0 : 1;
  }
  const std::string near = kjit::nearest(plain(code), codes);
  throw kjit::Error(kjit::ErrorKind::Usage,
                    fmt::format("there is no code '{}'{}; `kjit explain` lists them", code,
                                near.empty() ? "" : fmt::format(" (did you mean '{}'?)", near)));
}
