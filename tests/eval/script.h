// Runs script text in the evaluator without a compiler behind it.
#pragma once

#include <kjit_rt/random.h>

#include <map>
#include <memory>
#include <string>

#include "eval/interpreter.h"
#include "parse/parser.h"

namespace kjit::test {

class ScriptHost : public eval::Host {
 public:
  sema::TypeContext& types() override { return types_; }
  sema::Library& library() override { return library_; }
  Value call(const sema::FunctionRef& function, const std::vector<Value>& args,
             const std::vector<std::pair<std::string, Value>>&) override {
    ++calls;
    if (on_call) return on_call(function, args);
    throw Error(ErrorKind::Usage, "there is no compiler here");
  }
  bool resolve_module(const std::string& name, const source::SourceFile&, std::string& path,
                      std::string& text) override {
    const auto found = files.find(name);
    if (found == files.end()) return false;
    path = name + ".py";
    text = found->second;
    return true;
  }
  bool resolve_constant(const std::string&, Value&) override { return false; }
  void write(std::string_view text) override { output += text; }
  void write_error(std::string_view text) override { errors += text; }
  const std::vector<std::string>& argv() override { return arguments; }
  bool interrupted() override { return stop; }
  kjit_random* random() override { return random_.get(); }
  eval::Gpu& gpu() override { throw Error(ErrorKind::RuntimeError, "no CUDA device: there is none here"); }

  std::map<std::string, std::string> files;
  std::vector<std::string> arguments{"script.py"};
  std::string output, errors;
  std::function<Value(const sema::FunctionRef&, const std::vector<Value>&)> on_call;
  int calls = 0;
  bool stop = false;

 private:
  sema::TypeContext types_;
  sema::Library library_{types_};
  std::unique_ptr<kjit_random, void (*)(kjit_random*)> random_{kjit_random_new(), kjit_random_free};
};

inline eval::ModuleObject& run_script(eval::Interpreter& interpreter, const std::string& text) {
  source::Diagnostics diagnostics;
  auto ast = parse::parse(std::make_shared<source::SourceFile>("script.py", text), diagnostics);
  if (!ast) throw std::runtime_error(source::render(diagnostics.all()));
  return interpreter.run(ast, "__main__");
}

// What the script prints.
inline std::string output_of(const std::string& text, std::map<std::string, std::string> files = {}) {
  ScriptHost host;
  host.files = std::move(files);
  eval::Interpreter interpreter(host);
  run_script(interpreter, text);
  return host.output;
}

// The error that stops the script, as shown.
inline std::string error_of(const std::string& text) {
  ScriptHost host;
  eval::Interpreter interpreter(host);
  try {
    run_script(interpreter, text);
  } catch (const Error& error) {
    return error.render();
  }
  return "";
}

}  // namespace kjit::test
