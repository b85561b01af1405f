// time, sys, and what the host gives.
#include <algorithm>
#include <chrono>
#include <thread>

#include "eval/natives.h"

namespace kjit::eval {

namespace {

template <typename Clock>
double seconds() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

Value perf_counter(Interpreter&, Args& args) {
  args.expect("perf_counter", 0, 0);
  return seconds<std::chrono::steady_clock>();
}
Value perf_counter_ns(Interpreter&, Args& args) {
  args.expect("perf_counter_ns", 0, 0);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}
Value time(Interpreter&, Args& args) {
  args.expect("time", 0, 0);
  return seconds<std::chrono::system_clock>();
}
Value sleep(Interpreter& interpreter, Args& args) {
  args.expect("sleep", 1, 1);
  using Seconds = std::chrono::duration<double>;
  constexpr Seconds kNap(0.02);  // between two looks for an interrupt
  const auto begin = std::chrono::steady_clock::now();
  const Seconds all(args.values[0].as_double());
  for (Seconds gone(0); gone < all; gone = std::chrono::steady_clock::now() - begin) {
    std::this_thread::sleep_for(std::min(all - gone, kNap));
    interpreter.check_interrupt();
  }
  return {};
}
Value exit(Interpreter& interpreter, Args& args) {
  args.expect("exit", 0, 1);
  const Value status = args.values.empty() ? Value() : args.values[0];
  if (status.is<std::string>()) interpreter.host().write_error(status.as_string() + "\n");
  throw Exit{status.is_none() ? 0 : status.is<std::string>() ? 1 : static_cast<int>(status.as_int())};
}

// Of modules that the host registers: see driver/host_module.cpp.
Value host_constant(Interpreter& interpreter, Args& args) {
  args.expect("constant", 1, 1);
  Value value;
  if (!interpreter.host().resolve_constant(args.values[0].as_string(), value))
    throw Error(ErrorKind::NameError, "the host has no constant '" + args.values[0].as_string() + "'");
  return value;
}

constexpr NativeRow kRows[] = {
    {"kjit.constant", host_constant},
    {"time.perf_counter", perf_counter},
    {"time.perf_counter_ns", perf_counter_ns},
    {"time.time", time},
    {"time.monotonic", perf_counter},
    {"time.sleep", sleep},
    {"sys.exit", exit},
    {"builtins.exit", exit},
};

}  // namespace

std::span<const NativeRow> system_natives() { return kRows; }

Value script_attribute(Interpreter& interpreter, const std::string& name) {
  if (name == "sys.argv") {
    std::vector<Value> items;
    for (const std::string& argument : interpreter.host().argv()) items.emplace_back(argument);
    return make<List>(std::move(items));
  }
  if (name == "sys.stdout") return make<Stream>(false);
  if (name == "sys.stderr") return make<Stream>(true);
  if (name == "sys.maxsize") return INT64_MAX;
  return unbound();
}

}  // namespace kjit::eval
