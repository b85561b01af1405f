// What the prompt and its commands share: the session, and how values and errors are shown.
#pragma once

#include <kjit/kjit.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history.h"
#include "interrupts.h"
#include "reader.h"

namespace kjit_tool {

struct View {
  kjit::Engine& engine;
  kjit::Session& session;
  Interrupts& interrupts;
  History& history;
  LineReader* reader;
  std::optional<int> status = {};  // set when the session is over

  static void show_error(const kjit::Error& error);
  // Runs statements, shows values and errors. False when there was an error.
  bool run(const std::string& text);
  // Calls f, shows errors.
  template <typename F>
  bool guard(F f) {
    bool fine = true;
    interrupts.forget();
    try {
      f();
    } catch (const kjit::Error& error) {
      show_error(error);
      fine = false;
    }
    interrupts.forget();
    return fine;
  }
};

void show_value(const kjit::Value& value);

// Lines that begin with '%', or that begin or end with '?'. Runs it, if it is one.
bool is_command(std::string_view line);
void run_command(View& view, std::string_view line);
std::vector<std::string> command_names();  // "%time" and so on

// What a line may go on as: commands, files, names.
Completion complete(const kjit::Session& session, std::string_view text);

}  // namespace kjit_tool
