// bin/kjit: runs kernel files and shows what the compiler makes of them.
#include <fcntl.h>
#include <fmt/format.h>
#include <kjit/kjit.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "build.h"
#include "cache_command.h"
#include "check.h"
#include "explain.h"
#include "output.h"
#include "prompt.h"

namespace {

using kjit_tool::print_times;
using kjit_tool::report;

kjit::Engine* interrupted_engine = nullptr;  // for the signal handler

void on_interrupt(int) {
  if (interrupted_engine) interrupted_engine->interrupt();
  std::signal(SIGINT, SIG_DFL);  // a second one ends the program at once
}

// Whether the environment asks for it.
bool is_set(const char* name) {
  const char* text = std::getenv(name);
  return text && *text && std::strcmp(text, "0") != 0;
}

struct Common {
  int opt_level = 3, threads = 0;
  bool cuda_sim = false;
  bool cache = true, cache_report = false;
  bool check = false, numpy_errors = false, debug = false, gdb = false, perf = false, time = false;
  std::string cpu, gpu_arch, libcuda, libdevice;
  std::string races = "warn";
  std::string blas;

  void add_to(CLI::App& app) {
    app.add_option("-O", opt_level, "Optimisation level, 0 to 3")->check(CLI::Range(0, 3))->capture_default_str();
    app.add_flag("--check", check, "Check every index: IndexError instead of undefined behaviour");
    app.add_flag("--numpy-errors", numpy_errors,
                 "Division by zero gives inf or nan where a kernel does not say otherwise");
    app.add_option(
           "--races", races,
           "Loops over prange whose iterations share elements: warn (they run in order), error, or ignore (they "
           "run on threads)")
        ->check(CLI::IsMember({"warn", "error", "ignore"}))
        ->capture_default_str();
    app.add_flag("-g", debug, "Debug info: lines and variables of kernels");
    app.add_flag("--gdb", gdb, "Show compiled kernels to gdb");
    app.add_flag("--perf", perf, "Tell perf where compiled kernels are");
    app.add_option("--cpu", cpu, "LLVM's name of the processor to compile for; this machine's by default");
    app.add_option("--gpu-arch", gpu_arch,
                   "Architecture that PTX is made for, such as sm_90; the device's, or sm_75 where there is none");
    app.add_option("--libdevice", libdevice,
                   "NVIDIA's libdevice.10.bc, or a toolkit that has it; by default that of CUDA_HOME, CUDA_PATH or "
                   "/usr/local/cuda");
    app.add_flag("--cuda-sim", cuda_sim,
                 "Run CUDA kernels on the CPU, thread by thread, and report indices out of bounds, races and divergent "
                 "barriers; also with KJIT_CUDA_SIM=1 or NUMBA_ENABLE_CUDASIM=1");
    app.add_option("--libcuda", libcuda, "the CUDA driver; libcuda.so.1 by default");
    app.add_option("--blas", blas, "a shared library with BLAS and LAPACK; kjit's own OpenBLAS by default");
    app.add_option(
           "--threads", threads,
           "Most threads of a parallel region; by default KJIT_NUM_THREADS or NUMBA_NUM_THREADS, else as many as "
           "the process may use processors")
        ->check(CLI::Range(1, 256));
    app.add_flag("!--no-cache", cache, "Neither look for compiled code on disk nor keep any there");
    app.add_flag("--cache-report", cache_report,
                 "Print what was found on disk, what was not and why, on standard error");
    app.add_flag("--time", time, "Print how long each stage took, on standard error");
  }
  kjit::Options options() const {
    kjit::Options o;
    o.opt_level = opt_level;
    o.boundscheck = check;
    o.error_model = numpy_errors ? kjit::ErrorModel::Numpy : kjit::ErrorModel::Python;
    o.races = races == "error" ? kjit::Races::Error : races == "ignore" ? kjit::Races::Ignore : kjit::Races::Warn;
    o.warn = [](const kjit::Finding& finding) {
      std::fflush(stdout);
      const std::string text = kjit::render(finding, kjit_tool::has_color(STDERR_FILENO));
      std::fwrite(text.data(), 1, text.size(), stderr);
    };
    o.debug_info = debug, o.gdb = gdb, o.perf = perf;
    o.cpu = cpu, o.gpu_arch = gpu_arch, o.cuda_library = libcuda;
    o.libdevice = libdevice;
    for (const char* name : {"CUDA_HOME", "CUDA_PATH"})
      if (const char* toolkit = std::getenv(name); toolkit && *toolkit && o.libdevice.empty()) o.libdevice = toolkit;
    o.cuda_simulator = cuda_sim || is_set("KJIT_CUDA_SIM") || is_set("NUMBA_ENABLE_CUDASIM");
    o.cache_directory = cache_directory();
    o.caching = cache ? kjit::Caching::All : kjit::Caching::Off;
    o.blas_library = blas;
    o.threads = threads;
    o.interruptible = true;
    o.write = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
    o.write_error = [](std::string_view text) {
      std::fflush(stdout);
      std::fwrite(text.data(), 1, text.size(), stderr);
    };
    return o;
  }
};

int run(const Common& common, const std::string& file, const std::vector<std::string>& args) {
  kjit::Options options = common.options();
  options.argv.push_back(file);
  options.argv.insert(options.argv.end(), args.begin(), args.end());
  kjit::Engine engine(std::move(options));
  interrupted_engine = &engine;
  std::signal(SIGINT, on_interrupt);
  int status = 0;
  try {
    status = engine.run_file(file).exit_status();
  } catch (const kjit::Error& error) {
    status = report(error);
  }
  interrupted_engine = nullptr;
  if (common.time) print_times(engine.times());
  if (common.cache_report) print_cache_report(engine);
  return std::fflush(stdout) == 0 ? status : 1;
}

struct Inspect {
  std::string file, function, signature, emit, print_after;

  // With --time alone, every stage runs.
  kjit::Stage stage(bool time) const {
    if (!print_after.empty()) return kjit::Stage::Passes;
    if (!emit.empty()) return kjit::stage_named(emit);
    return time ? kjit::Stage::Callable : kjit::Stage::Types;
  }
};

int inspect(const Common& common, const Inspect& what) {
  kjit::Options options = common.options();
  options.write = nullptr;  // the text of the stage is the output
  options.caching = kjit::Caching::Off;
  options.argv.push_back(what.file);
  kjit::Engine engine(std::move(options));
  int status = 0;
  try {
    const kjit::Stage stage = what.stage(common.time);
    if (what.function.empty() && stage != kjit::Stage::Tokens && stage != kjit::Stage::Ast && stage != kjit::Stage::Ptx)
      throw kjit::Error(kjit::ErrorKind::Usage, "this stage needs the name of a function");
    std::string text = engine.inspect(what.file, what.function, what.signature, stage, what.print_after);
    if (!text.empty() && text.back() != '\n') text += '\n';
    std::fwrite(text.data(), 1, text.size(), stdout);
  } catch (const kjit::Error& error) {
    status = report(error);
  }
  if (common.time) print_times(engine.times());
  return std::fflush(stdout) == 0 ? status : 1;
}

int build(const Common& common, const Build& what) {
  int status = 0;
  std::vector<kjit::StageTime> times;
  try {
    what.run(common.options(), times);
  } catch (const kjit::Error& error) {
    status = report(error);
  }
  if (common.time) print_times(times);
  return status;
}

// The process' threads from the environment, as Numba has it. Throws Usage for what is no number of threads.
void launch_threads() {
  for (const char* name : {"KJIT_NUM_THREADS", "NUMBA_NUM_THREADS"}) {
    const char* text = std::getenv(name);
    if (!text || !*text) continue;
    int count = 0;
    const char* end = text + std::strlen(text);
    const auto read = std::from_chars(text, end, count);
    if (read.ec != std::errc() || read.ptr != end || count < 1 || count > 256)
      throw kjit::Error(kjit::ErrorKind::Usage, fmt::format("{} is '{}', not a number from 1 to 256", name, text));
    return kjit::launch_threads(count);
  }
}

int info() {
  const kjit::Threads threads = kjit::threads();
  fmt::print("kjit {}\n", kjit::version());
  fmt::print(
      "threads: {} in a parallel region at most; by default {}, of which the affinity mask and control groups decide\n",
      threads.launched, threads.by_default);
  fmt::print("scheduler: {}{}\n", threads.description,
             threads.parallel ? "" : "; parallel regions run on the thread that calls");
  fmt::print("vector math: {}\n", kjit::Engine().vector_math());
  fmt::print("cache: {}\n", cache_line());
  return std::fflush(stdout) == 0 ? 0 : 1;
}

// Where the script stands in `run [options] FILE [args]`: what follows is the script's, dashes or not. argc: nowhere.
// So it is after `begin` - 1 words; -c ends the options too.
int script_position(const CLI::App& command, int argc, char** argv, int begin = 2) {
  const auto takes_value = [&](const std::string& name) {
    const CLI::Option* option = command.get_option_no_throw(name);
    return option && option->get_items_expected_max() > 0;
  };
  for (int i = begin; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--") return i + 1;
    if (word.size() < 2 || word[0] != '-' || (word == "-c" && begin == 1)) return i;
    if (word[1] == '-') {
      i += takes_value(word);
      continue;
    }
    for (size_t k = 1; k < word.size(); ++k) {  // -gO3, -gO 3
      if (!takes_value({'-', word[k]})) continue;
      i += k + 1 == word.size();
      break;
    }
  }
  return argc;
}

// What is left of a command line is an error: a mistyped --check must not run unchecked.
void check_nothing_left(const CLI::App& command) {
  std::vector<std::string> left = command.remaining();
  std::erase(left, "--");  // CLI11 hands the mark back too
  if (left.empty()) return;
  const std::string word = left[0].substr(0, left[0].find('='));
  if (word[0] != '-') throw kjit::Error(kjit::ErrorKind::Usage, fmt::format("'{}' is one argument too many", word));
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  const std::string near = kjit::nearest(word, names);
  throw kjit::Error(kjit::ErrorKind::Usage, fmt::format("'kjit {}' has no option '{}'{}", command.get_name(), word,
                                                        near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
}

// `kjit` without a command: what stands at `own` is -c CODE, a file, or "-".
int start(const CLI::App& app, const Common& common, bool interactive, int own, int argc, char** argv) {
  kjit_tool::Start start;
  start.interactive = interactive;
  if (own < argc && std::string(argv[own]) == "-c") {
    if (own + 1 == argc) throw kjit::Error(kjit::ErrorKind::Usage, "-c needs the code to run");
    start.has_code = true;
    start.code = argv[++own];
  } else if (own < argc) {
    start.file = argv[own];
    if (start.file != "-" && !interactive) {
      std::vector<std::string> names;
      for (const CLI::App* command : app.get_subcommands({})) names.push_back(command->get_name());
      const std::string near = kjit::nearest(start.file, names);
      throw kjit::Error(kjit::ErrorKind::Usage,
                        fmt::format("there is no command '{}'{}; 'kjit run FILE' runs a file", start.file,
                                    near.empty() ? "" : fmt::format(": did you mean '{}'?", near)));
    }
  }
  if (own < argc) start.args.assign(argv + own + 1, argv + argc);
  return kjit_tool::run_start(common.options(), start, common.time, common.cache_report);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{
      "kjit compiles numeric kernels written in the Numba subset of Python.\n"
      "Without a command: a prompt, or what standard input holds."};
  app.set_version_flag("--version", std::string("kjit ") + kjit::version());
  app.require_subcommand(0, 1);

  Common common;
  std::string file;
  std::vector<std::string> args;
  bool interactive = false;
  app.add_flag("-i", interactive, "Prompt after CODE or FILE: kjit -i FILE [args]");
  app.add_option("-c", "Run the text CODE as a script: kjit -c CODE [args]")->type_name("CODE");
  common.add_to(app);
  CLI::App* run_command = app.add_subcommand("run", "Run a file: its top level is evaluated, its kernels are compiled");
  run_command->add_option("file", file, "Kernel file")->required();
  run_command->add_option("args", args,
                          "Arguments of the script, its sys.argv[1:]; options of kjit go before the file");
  run_command->allow_extras();
  common.add_to(*run_command);

  Inspect what;
  CLI::App* inspect_command = app.add_subcommand("inspect", "Show what a stage of the compiler makes of a function");
  inspect_command->add_option("file", what.file, "Kernel file")->required();
  inspect_command->add_option("function", what.function, "Name of the function");
  inspect_command->add_option("signature", what.signature, "Argument types, as in 'i8, f8[:,::1]'");
  inspect_command
      ->add_option("--emit", what.emit,
                   "Stage to show: tokens, ast, types, kir, passes, llvm, llvm-opt, asm; fusion, which says what "
                   "became of operations on arrays; parallel, which says what runs on threads; ptx of a CUDA kernel; "
                   "or callable, which goes through "
                   "all of them")
      ->default_str("types; callable with --time");
  inspect_command->add_option("--print-after", what.print_after, "Show the kernel IR after this pass");
  inspect_command->allow_extras();
  common.add_to(*inspect_command);

  Build what_to_build;
  CLI::App* build_command = app.add_subcommand(
      "build", "Compile functions with signatures ahead of time, for C and C++, or CUDA kernels to PTX");
  what_to_build.add_to(*build_command);
  build_command->allow_extras();
  common.add_to(*build_command);
  build_command->get_option("--cpu")->description(
      "Processor to compile for, as clang's -march: x86-64 (the default, which runs everywhere), x86-64-v2, -v3, -v4, "
      "native, "
      "or LLVM's name; also --target-cpu");
  build_command->add_option("--target-cpu", common.cpu)->group("");

  CacheCommand cache_command;
  cache_command.add_to(app);
  CheckCommand check;
  check.add_to(app);
  ExplainCommand explain;
  explain.add_to(app);

  CLI::App* info_command = app.add_subcommand("info", "Show what parallel regions run on");

  const bool is_run = argc > 1 && std::string(argv[1]) == "run";
  const auto is_first = [&](const CLI::App* command) { return command->get_name() == argv[1]; };
  const bool is_command = argc > 1 && !std::as_const(app).get_subcommands(is_first).empty();
  const int own = is_run       ? std::min(argc, script_position(*run_command, argc, argv) + 1)
                  : is_command ? argc
                               : script_position(app, argc, argv, 1);
  try {
    app.parse(own, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;  // 0: the help was asked for
  }
  args.assign(argv + own, argv + argc);
  try {
    launch_threads();
    if (!is_command) return start(app, common, interactive, own, argc, argv);
    if (*info_command) return info();
    if (cache_command.asked()) return cache_command.run();
    if (check.chosen()) {
      check_nothing_left(check.command());
      return check.run();
    }
    if (explain.chosen()) {
      check_nothing_left(explain.command());
      return explain.run();
    }
    check_nothing_left(*run_command ? *run_command : *build_command ? *build_command : *inspect_command);
    if (*build_command) return build(common, what_to_build);
    return *run_command ? run(common, file, args) : inspect(common, what);
  } catch (const kjit::Error& error) {
    return report(error);
  }
}
