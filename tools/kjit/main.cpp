// bin/kjit: runs kernel files and shows what the compiler makes of them.
#include <fcntl.h>
#include <fmt/format.h>
#include <kjit/kjit.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

namespace {

kjit::Engine* interrupted_engine = nullptr;  // for the signal handler

void on_interrupt(int) {
  if (interrupted_engine) interrupted_engine->interrupt();
  std::signal(SIGINT, SIG_DFL);  // a second one ends the program at once
}

struct Common {
  int opt_level = 3;
  bool check = false, numpy_errors = false, debug = false, gdb = false, perf = false, time = false;
  std::string cpu;

  void add_to(CLI::App& app) {
    app.add_option("-O", opt_level, "Optimisation level, 0 to 3")->check(CLI::Range(0, 3))->capture_default_str();
    app.add_flag("--check", check, "Check every index: IndexError instead of undefined behaviour");
    app.add_flag("--numpy-errors", numpy_errors,
                 "Division by zero gives inf or nan where a kernel does not say otherwise");
    app.add_flag("-g", debug, "Debug info: lines and variables of kernels");
    app.add_flag("--gdb", gdb, "Show compiled kernels to gdb");
    app.add_flag("--perf", perf, "Tell perf where compiled kernels are");
    app.add_option("--cpu", cpu, "LLVM's name of the processor to compile for; this machine's by default");
    app.add_flag("--time", time, "Print how long each stage took, on standard error");
  }
  kjit::Options options() const {
    kjit::Options o;
    o.opt_level = opt_level;
    o.boundscheck = check;
    o.error_model = numpy_errors ? kjit::ErrorModel::Numpy : kjit::ErrorModel::Python;
    o.debug_info = debug, o.gdb = gdb, o.perf = perf;
    o.cpu = cpu;
    o.interruptible = true;
    o.write = [](std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); };
    o.write_error = [](std::string_view text) {
      std::fflush(stdout);
      std::fwrite(text.data(), 1, text.size(), stderr);
    };
    return o;
  }
};

void print_times(const kjit::Engine& engine) {
  double total = 0;
  fmt::print(stderr, "{:<12} {:>6} {:>12}\n", "stage", "runs", "ms");
  for (const auto& row : engine.times()) {
    fmt::print(stderr, "{:<12} {:>6} {:>12.3f}\n", row.stage, row.runs, row.milliseconds);
    total += row.milliseconds;
  }
  fmt::print(stderr, "{:<12} {:>6} {:>12.3f}\n", "sum", "", total);
}

int report(const kjit::Error& error) {
  std::fflush(stdout);
  std::string text = error.render(isatty(STDERR_FILENO));
  if (text.empty() || text.back() != '\n') text += '\n';
  std::fputs(text.c_str(), stderr);
  if (error.kind() == kjit::ErrorKind::Interrupted) return 130;
  return error.kind() == kjit::ErrorKind::Usage ? 2 : 1;
}

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
  if (common.time) print_times(engine);
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
  options.argv.push_back(what.file);
  kjit::Engine engine(std::move(options));
  int status = 0;
  try {
    const kjit::Stage stage = what.stage(common.time);
    if (what.function.empty() && stage != kjit::Stage::Tokens && stage != kjit::Stage::Ast)
      throw kjit::Error(kjit::ErrorKind::Usage, "this stage needs the name of a function");
    std::string text = engine.inspect(what.file, what.function, what.signature, stage, what.print_after);
    if (!text.empty() && text.back() != '\n') text += '\n';
    std::fwrite(text.data(), 1, text.size(), stdout);
  } catch (const kjit::Error& error) {
    status = report(error);
  }
  if (common.time) print_times(engine);
  return std::fflush(stdout) == 0 ? status : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"kjit compiles numeric kernels written in the Numba subset of Python"};
  app.set_version_flag("--version", std::string("kjit ") + kjit::version());
  app.require_subcommand(1);

  Common common;
  std::string file;
  CLI::App* run_command = app.add_subcommand("run", "Run a file: its top level is evaluated, its kernels are compiled");
  run_command->add_option("file", file, "Kernel file")->required();
  run_command->prefix_command();  // what follows the file is the script's
  common.add_to(*run_command);

  Inspect what;
  CLI::App* inspect_command = app.add_subcommand("inspect", "Show what a stage of the compiler makes of a function");
  inspect_command->add_option("file", what.file, "Kernel file")->required();
  inspect_command->add_option("function", what.function, "Name of the function");
  inspect_command->add_option("signature", what.signature, "Argument types, as in 'i8, f8[:,::1]'");
  inspect_command
      ->add_option(
          "--emit", what.emit,
          "Stage to show: tokens, ast, types, kir, passes, llvm, llvm-opt, asm, or callable, which goes through "
          "all of them")
      ->default_str("types; callable with --time");
  inspect_command->add_option("--print-after", what.print_after, "Show the kernel IR after this pass");
  common.add_to(*inspect_command);

  CLI11_PARSE(app, argc, argv);
  try {
    return *run_command ? run(common, file, run_command->remaining()) : inspect(common, what);
  } catch (const kjit::Error& error) {
    return report(error);
  }
}
