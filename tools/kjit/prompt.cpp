// The loop of the prompt, and what runs without one.
#include "prompt.h"

#include <fmt/format.h>
#include <kjit/kjit.h>
#include <unistd.h>

#include <cstdio>
#include <cstring>
#include <memory>

#include "cache_command.h"
#include "output.h"
#include "session_view.h"

namespace kjit_tool {

namespace {

std::string standard_input() {
  std::string text;
  char part[65536];
  for (size_t got; (got = std::fread(part, 1, sizeof part, stdin)) > 0;) text.append(part, got);
  return text;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && std::strchr(" \t\r\n\f", text.front())) text.remove_prefix(1);
  while (!text.empty() && std::strchr(" \t\r\n\f", text.back())) text.remove_suffix(1);
  return text;
}

class Prompt {
 public:
  explicit Prompt(View& view) : view_(view) {}

  int run() {
    while (!view_.status) {
      std::string line;
      const LineReader::Got got = view_.reader->read(text_.empty() ? ">>> " : "... ", line);
      if (got == LineReader::Got::Interrupted) {
        fmt::print("\nKeyboardInterrupt\n");
        text_.clear();
      } else if (got == LineReader::Got::End) {
        if (!text_.empty()) run_text();
        fmt::print("\n");
        break;
      } else {
        take(line);
      }
      std::fflush(stdout);
    }
    return view_.status.value_or(0);
  }

 private:
  void take(const std::string& line) {
    if (text_.empty()) {
      const std::string_view word = trimmed(line);
      if (is_command(word) && word.find('\n') == std::string_view::npos) {
        keep(std::string(word));
        run_command(view_, word);
        return;
      }
      if ((word == "exit" || word == "quit" || word == "quit()") && !view_.session.global(word.substr(0, 4))) {
        view_.status = 0;
        return;
      }
    }
    text_ += line + "\n";
    const bool blank = trimmed(line).empty(), whole = line.find('\n') != std::string::npos;
    switch (kjit::input_form(text_)) {
      case kjit::InputForm::Empty:
        text_.clear();
        return;
      case kjit::InputForm::Open:
        return;
      case kjit::InputForm::Started:
        if (blank) run_text();
        return;
      case kjit::InputForm::Block:
        if (blank || whole) run_text();
        return;
      case kjit::InputForm::Complete:
        run_text();
    }
  }

  void run_text() {
    const std::string text = std::exchange(text_, {});
    keep(std::string(text, 0, text.find_last_not_of(" \t\r\n") + 1));
    view_.run(text);
  }

  void keep(const std::string& input) {
    view_.history.add(input);
    view_.reader->remember(input);
  }

  View& view_;
  std::string text_;  // lines of an input that is not finished
};

int prompt(kjit::Options options, const Start& start) {
  kjit::Engine engine(std::move(options));
  kjit::Session session(engine);
  Interrupts interrupts(engine);
  const bool terminal = isatty(STDIN_FILENO) != 0;
  History history(terminal ? history_path() : std::string());
  std::unique_ptr<LineReader> reader =
      make_editing_reader([&](std::string_view text) { return complete(session, text); }, has_color(STDOUT_FILENO));
  if (!reader) reader = make_plain_reader();
  for (const std::string& input : history.earlier()) reader->remember(input);
  View view{engine, session, interrupts, history, reader.get()};
  if (start.has_code || !start.file.empty()) {
    std::optional<int> ended;
    view.guard(
        [&] { ended = start.has_code ? session.run(start.code, {}, "<string>") : session.run_file(start.file); });
    if (ended) fmt::print(stderr, "the {} ended with sys.exit({})\n", start.has_code ? "code" : "file", *ended);
  } else if (terminal) {
    fmt::print("kjit {}. %help lists commands, f? tells about f, Ctrl-D leaves.\n", kjit::version());
  }
  return Prompt(view).run();
}

}  // namespace

void View::show_error(const kjit::Error& error) {
  if (error.kind() != kjit::ErrorKind::Interrupted) {
    report(error);
    return;
  }
  std::fflush(stdout);
  kjit::Finding finding;
  finding.id = "script-error";
  finding.message = "KeyboardInterrupt";
  finding.place = error.place();
  finding.notes = error.findings();
  std::fputs(kjit::render(finding, has_color(STDERR_FILENO)).c_str(), stderr);
}

bool View::run(const std::string& text) {
  return guard([&] { status = session.run(text, show_value); });
}

void show_value(const kjit::Value& value) {
  const std::string text = repr(value) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int run_start(kjit::Options options, const Start& start, bool times, bool cache_report) {
  const bool script = start.has_code || !start.file.empty();
  options.argv = {start.has_code ? "-c" : start.file};
  options.argv.insert(options.argv.end(), start.args.begin(), start.args.end());
  if (start.interactive || (!script && isatty(STDIN_FILENO) != 0)) {
    if (start.file == "-") throw kjit::Error(kjit::ErrorKind::Usage, "-i reads what is typed, so it cannot run '-'");
    return prompt(std::move(options), start);
  }
  kjit::Engine engine(std::move(options));
  int status = 0;
  {
    const Interrupts interrupts(engine);
    try {
      status = (start.has_code ? engine.run_string(start.code) : engine.run_string(standard_input(), "<stdin>"))
                   .exit_status();
    } catch (const kjit::Error& error) {
      status = report(error);
    }
  }
  if (times) print_times(engine.times());
  if (cache_report) print_cache_report(engine);
  return std::fflush(stdout) == 0 ? status : 1;
}

}  // namespace kjit_tool
