// The commands of the prompt: one row each.
#include <fmt/format.h>
#include <kjit/cuda.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <fstream>
#include <iterator>

#include "explain.h"
#include "session_view.h"

namespace kjit_tool {

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// The first word; `rest` is left with what follows.
std::string_view take_word(std::string_view& rest) {
  rest = trimmed(rest);
  const size_t end = std::min(rest.find_first_of(" \t"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest = trimmed(rest.substr(end));
  return word;
}

[[noreturn]] void usage(std::string message) { throw kjit::Error(kjit::ErrorKind::Usage, std::move(message)); }

int64_t to_number(std::string_view text, std::string_view what) {
  int64_t number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || number < 1)
    usage(fmt::format("{} is '{}', not a number above 0", what, text));
  return number;
}

std::string shown_time(double seconds) {
  if (seconds < 1e-6) return fmt::format("{:.3g} ns", seconds * 1e9);
  if (seconds < 1e-3) return fmt::format("{:.3g} us", seconds * 1e6);
  if (seconds < 1) return fmt::format("{:.3g} ms", seconds * 1e3);
  return fmt::format("{:.3g} s", seconds);
}

double compile_time(const kjit::Engine& engine) {
  double sum = 0;
  for (const kjit::StageTime& row : engine.times()) sum += row.milliseconds;
  return sum / 1e3;
}

void time_once(View& view, std::string_view rest) {
  if (rest.empty()) usage("%time needs a statement");
  const double compiled = compile_time(view.engine);
  const auto start = std::chrono::steady_clock::now();
  view.status = view.session.run(std::string(rest) + "\n", show_value);
  const double all = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{}, of which the compiler took {}\n", shown_time(all), shown_time(compile_time(view.engine) - compiled));
}

void time_often(View& view, std::string_view rest) {
  int64_t loops = 0, runs = 7;
  while (rest.starts_with("-n") || rest.starts_with("-r")) {
    const bool is_loops = rest[1] == 'n';
    std::string_view word = take_word(rest);
    word = word.size() > 2 ? word.substr(2) : take_word(rest);
    (is_loops ? loops : runs) = to_number(word, is_loops ? "-n" : "-r");
  }
  if (rest.empty()) usage("%timeit needs a statement: %timeit [-n LOOPS] [-r RUNS] STATEMENT");
  if (runs > 1000) usage("-r is at most 1000");
  const std::string text = std::string(rest) + "\n";
  constexpr double kLeast = 0.1;  // seconds of a run
  view.session.time(text, 1);     // compiles
  if (loops == 0)
    for (loops = 1; loops < 1'000'000'000 && view.session.time(text, loops) < kLeast; loops *= 10) {
    }
  std::vector<double> times;
  for (int64_t i = 0; i < runs; ++i) times.push_back(view.session.time(text, loops) / static_cast<double>(loops));
  double sum = 0, squares = 0;
  for (const double t : times) sum += t;
  const double mean = sum / static_cast<double>(runs);
  for (const double t : times) squares += (t - mean) * (t - mean);
  fmt::print("{} +- {} per loop, best {} (mean and deviation of {} runs of {} loops)\n", shown_time(mean),
             shown_time(std::sqrt(squares / static_cast<double>(runs))),
             shown_time(*std::min_element(times.begin(), times.end())), runs, loops);
}

// %inspect f [STAGE] [SIGNATURE]
void inspect(View& view, std::string_view rest) {
  const std::string_view function = take_word(rest);
  if (function.empty()) usage("%inspect FUNCTION [--emit=STAGE] [SIGNATURE], as in %inspect f --emit=asm f8[::1], i8");
  std::string_view stage = "types";
  if (rest.starts_with("--emit=")) stage = take_word(rest).substr(7);
  const std::string text = view.session.inspect(function, rest, kjit::stage_named(stage));
  fmt::print("{}{}", text, text.ends_with('\n') ? "" : "\n");
}

void who(View& view, std::string_view) {
  std::vector<std::string> names = view.session.names();
  std::erase(names, "_");
  if (names.empty()) fmt::print("there are no variables\n");
  for (const std::string& name : names) {
    const auto found = view.session.describe(name);
    if (!found) continue;
    std::string text = found->signature.empty() ? found->value : found->signature;
    text = text.substr(0, text.find('\n'));
    fmt::print("{:<16} {:<18} {}\n", name, found->kind, text.size() > 60 ? text.substr(0, 57) + "..." : text);
  }
}

std::string text_of(std::string_view path) {
  std::ifstream in{std::string(path), std::ios::binary};
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in || path.empty()) throw kjit::Error(kjit::ErrorKind::OSError, fmt::format("cannot read '{}'", path));
  return text;
}

void load(View& view, std::string_view rest) {
  if (rest.empty()) usage("%load needs a file");
  const std::string text = text_of(rest);
  if (view.reader->offer(text)) return;
  fmt::print("{}{}", text, text.ends_with('\n') ? "" : "\n");
  view.status = view.session.run(text, show_value, std::string(rest));
}

void run_file(View& view, std::string_view rest) {
  if (rest.empty()) usage("%run needs a file");
  if (const auto ended = view.session.run_file(std::string(rest)))
    fmt::print("the file ended with sys.exit({})\n", *ended);
}

void show_history(View& view, std::string_view rest) {
  const std::vector<std::string>& inputs = view.history.own();
  const size_t most = rest.empty() ? inputs.size() : static_cast<size_t>(to_number(rest, "the count"));
  for (size_t i = inputs.size() - std::min(most, inputs.size()); i < inputs.size(); ++i) fmt::print("{}\n", inputs[i]);
}

void threads(View&, std::string_view rest) {
  if (!rest.empty()) kjit::set_num_threads(static_cast<int>(std::min<int64_t>(to_number(rest, "the count"), 1 << 20)));
  const kjit::Threads found = kjit::threads();
  fmt::print("{} of {} threads in a parallel region; scheduler: {}\n", kjit::get_num_threads(), found.launched,
             found.description);
}

void cuda(View& view, std::string_view) {
  const kjit::cuda::Device device(view.engine);
  const kjit::cuda::Properties p = device.properties();
  constexpr double kGiB = 1 << 30;
  fmt::print("{}, compute capability {}.{}, {} multiprocessors\n", p.name, p.major, p.minor, p.multiprocessors);
  fmt::print("memory: {:.1f} of {:.1f} GiB free; this session holds {:.3f} GiB\n", static_cast<double>(p.free) / kGiB,
             static_cast<double>(p.total) / kGiB, static_cast<double>(p.allocated) / kGiB);
}

void reset(View& view, std::string_view) { view.session.reset(); }

void explain_code(View&, std::string_view rest) { explain(std::string(rest)); }

void help(View& view, std::string_view rest);

struct Command {
  std::string_view name, arguments, does;
  void (*run)(View&, std::string_view rest);
};
constexpr Command kCommands[] = {
    {"cuda", "", "the GPU, and memory on it", cuda},
    {"explain", "[CODE]", "what the code of a message means", explain_code},
    {"help", "", "this list", help},
    {"history", "[COUNT]", "the inputs of this session", show_history},
    {"inspect", "FUNCTION [--emit=STAGE] [SIGNATURE]", "what a stage of the compiler makes of a function", inspect},
    {"load", "FILE", "the text of a file as the next input, to be edited", load},
    {"reset", "", "forget all variables", reset},
    {"run", "FILE", "run a file in this scope", run_file},
    {"threads", "[COUNT]", "threads of parallel regions", threads},
    {"time", "STATEMENT", "run once, and say how long it took and compiled", time_once},
    {"timeit", "[-n LOOPS] [-r RUNS] STATEMENT", "run often, and say how long it takes", time_often},
    {"who", "", "the variables", who},
};

void help(View&, std::string_view) {
  for (const Command& command : kCommands)
    fmt::print("%{:<46} {}\n", fmt::format("{} {}", command.name, command.arguments), command.does);
  fmt::print("{:<47} signature, docstring, and where it was defined\n", "NAME?");
  fmt::print(
      "Keys: Tab completes, arrows go through earlier inputs, Ctrl-R searches them, Ctrl-C stops what runs,\n"
      "Ctrl-D leaves. `_` is the last value shown. A blank line ends a block; pasted text is one input.\n");
}

void describe(View& view, std::string_view name) {
  const auto found = view.session.describe(name);
  if (!found) {
    const std::string near = kjit::nearest(name, view.session.completions(name.substr(0, name.rfind('.') + 1)));
    usage(fmt::format("there is no '{}'{}", name, near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
  }
  fmt::print("{}: {}\n", found->kind, found->signature.empty() ? found->value : found->signature);
  if (!found->doc.empty()) fmt::print("{}\n", found->doc);
  if (found->defined.line != 0) fmt::print("defined in {}:{}\n", found->defined.file, found->defined.line);
}

}  // namespace

std::vector<std::string> command_names() {
  std::vector<std::string> out;
  for (const Command& command : kCommands) out.push_back("%" + std::string(command.name));
  return out;
}

bool is_command(std::string_view line) {
  if (line.starts_with('%')) return true;
  if (!line.starts_with('?') && !line.ends_with('?')) return false;
  while (line.starts_with('?')) line.remove_prefix(1);
  while (line.ends_with('?')) line.remove_suffix(1);
  return line.find_first_of("#'\"()[]{} \t\n") == std::string_view::npos;  // a name
}

void run_command(View& view, std::string_view line) {
  view.guard([&] {
    if (!line.starts_with('%')) {
      while (line.starts_with('?')) line.remove_prefix(1);
      while (line.ends_with('?')) line.remove_suffix(1);
      const std::string_view name = trimmed(line);
      return name.empty() ? help(view, {}) : describe(view, name);
    }
    std::string_view rest = line.substr(1);
    const std::string_view word = take_word(rest);
    for (const Command& command : kCommands)
      if (command.name == word) return command.run(view, rest);
    const std::string near = kjit::nearest("%" + std::string(word), command_names());
    usage(fmt::format("there is no command '%{}'{}; %help lists them", word,
                      near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
  });
}

}  // namespace kjit_tool
