// One run of a script: its modules, calls, and the built-ins that they share. Not thread-safe; one thread at a time.
//
//   eval::Interpreter interpreter(host);
//   auto module = interpreter.run(ast, "__main__");   // throws kjit::Error
//   const sema::FunctionRef* kernel = eval::function_ref(*module->find("kernel"));
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "eval/host.h"
#include "eval/module.h"
#include "eval/objects.h"

struct kjit_random;

namespace kjit::eval {

class OperationGlobals;

// Thrown by sys.exit(): the script is over. Not an error.
struct Exit {
  int status;
};

// The arguments of one call.
struct Args {
  Args() = default;
  explicit Args(std::vector<Value> v) : values(std::move(v)) {}
  std::vector<Value> values;
  std::vector<std::pair<std::string, Value>> keywords;

  size_t size() const { return values.size(); }
  // The argument at a position or by keyword; null when not given. A keyword that is found is taken out.
  const Value* get(size_t position, std::string_view keyword);
  const Value& need(size_t position, std::string_view keyword);  // TypeError when not given
  // TypeError unless there are that many positional arguments, and when a keyword is left.
  void expect(const char* function, size_t least, size_t most);

 private:
  std::vector<Value> taken_;
  friend class Interpreter;
};

class Interpreter {
 public:
  explicit Interpreter(Host& host);
  ~Interpreter();
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  // Executes the top level. The module lives as long as the interpreter. `globals` are there when it begins; functions
  // among them may be another interpreter's, which then has to live as long. Throws kjit::Error, and Exit on
  // sys.exit().
  ModuleObject& run(ast::AstPtr ast, std::string name, const std::vector<std::pair<std::string, Value>>& globals = {});
  // The next text of the scope that `scope` belongs to. `display` gets the values of expression statements of the top
  // level (not of functions); null: nobody does. The text runs `times` times.
  using Display = std::function<void(const Value&)>;
  void run_more(ModuleObject& scope, ast::AstPtr ast, const Display& display, int64_t times = 1);
  // What the text of a top level says without running it: imports (of kernel files in the same way), functions with
  // their decorators, and names whose values are constants; other names have unknown values (UnknownObject). Nothing is
  // called but what makes numbers, tuples and small arrays. Findings of the statements go to `found`, and no error of
  // theirs is thrown. Not for a module that is to be called.
  ModuleObject& declare(ast::AstPtr ast, std::string name, std::vector<Finding>& found);
  // The module that `import name` in `importer` means: parsed and executed once. Null: there is none.
  std::shared_ptr<ModuleObject> import_file(const std::string& name, const source::SourceFile& importer);
  ModuleObject* find_module(std::string_view name) const;  // executed already

  Value call(const Value& callee, Args args);
  // An attribute of any value; throws AttributeError.
  Value attribute(const Value& object, std::string_view name);
  // A built-in by canonical name ("builtins.len", "numpy.random", "numpy.pi"); unbound when there is none.
  Value builtin(const std::string& canonical_name);
  // An expression over a0, a1, ... and F (a built-in, by canonical name, or a function of a script) through compiled
  // code, made when first used.
  Value compiled(const std::string& expression, const std::vector<Value>& arguments, const std::string& function = {});
  // A call of a built-in, by its canonical name, through compiled code.
  Value call_compiled(const std::string& name, Args& args);
  // A call of a function with @vectorize, or of a method of it ("reduce").
  Value call_vectorized(const Value& function, std::string_view method, const Args& args);
  // The same for hosts, which call it themselves: by `run`, which says what goes wrong without the operation's text.
  struct Operation {
    std::shared_ptr<OperationGlobals> globals;
    std::vector<Value> arguments;
  };
  Operation vectorized_operation(const Value& function, std::string_view method, const Args& args);
  static Value run(
      const Operation& operation,
      const std::function<Value(const sema::FunctionRef& function, const std::vector<Value>& arguments)>& call);
  // np.mgrid[...], np.ogrid[...]: `index` is a slice or a tuple of them.
  Value grid(const std::string& name, const Value& index);

  Host& host() { return host_; }
  kjit_random* random();              // NumPy's global generator
  void write(std::string_view text);  // print
  void poll() {                       // in loops: stops with Interrupted when the host asks
    if ((++ticks_ & 0x3ff) == 0) check_interrupt();
  }
  void check_interrupt();
  // Held while a function gets its compiled form: threads that compile may ask for the same one. One may ask for
  // another.
  std::recursive_mutex& freezing() { return freezing_; }
  Value new_cell();  // emptied when the interpreter goes: a closure that calls itself is a cycle
  const ClosureGlobals& keep(std::unique_ptr<ClosureGlobals> globals);
  std::shared_ptr<const sema::FunctionOptions> plain_options() const { return plain_; }

  // The canonical prefix of a value's methods ("list."), one address per sort; null when it has none.
  static const char* method_prefix(const Value& value);
  // Room for the variables of one call, all None; released in the opposite order.
  class Locals {
   public:
    Locals(Interpreter& interpreter, size_t count);
    ~Locals();
    Value* data() { return data_; }

   private:
    Interpreter& interpreter_;
    Value* data_;
    size_t count_;
  };
  // Runs the body of an interpreted function; parameters are set, other variables unbound.
  Value run_function(FunctionObject& function, Value* locals);
  const Scope& scope_of(FunctionObject& function);

  // One level of calls; RecursionError when there are too many.
  class Depth {
   public:
    explicit Depth(Interpreter& interpreter) : interpreter_(interpreter) { interpreter.enter(); }
    ~Depth() { --interpreter_.depth_; }

   private:
    Interpreter& interpreter_;
  };

 private:
  friend class Declarer;
  ModuleObject& open_module(ast::AstPtr ast, std::string name);
  void enter();
  void execute(ModuleObject& module, const Display& display, int64_t times = 1);
  void keep_functions(std::shared_ptr<ModuleObject> text);
  Value call_function(FunctionObject& function, Args& args);
  Value python_form(const FunctionObject& kernel);
  Value ufunc_attribute(const Value& object, const FunctionObject& function, std::string_view name);  // unbound: none
  std::shared_ptr<OperationGlobals> operation(const std::string& expression, size_t arguments,
                                              const std::string& function, const Value& callee);
  std::string argument_list(const sema::Builtin* row, size_t skipped, const Args& args, size_t first,
                            std::vector<Value>& values);
  Value package_attribute(const Package& package, std::string_view name);

  Host& host_;
  std::recursive_mutex freezing_;
  int depth_ = 0;
  int imports_ = 0;  // files whose top levels are running because another imports them
  uint32_t ticks_ = 0;
  const char* stack_limit_ = nullptr;
  std::vector<std::shared_ptr<ModuleObject>> modules_;
  std::unordered_map<std::string, std::shared_ptr<ModuleObject>> by_path_;
  std::unordered_map<std::string, Value> builtins_;
  std::vector<std::unique_ptr<Value[]>> stack_;  // of Locals, in chunks
  size_t chunk_ = 0, used_ = 0;                  // the chunk in use, and how much of it
  std::vector<size_t> starts_;                   // how much of the chunks below was in use
  std::vector<std::unique_ptr<ClosureGlobals>> closures_;
  std::vector<std::weak_ptr<Object>> cells_;
  size_t cells_to_prune_ = 1024;  // how many there are when dead ones are dropped
  std::unordered_map<std::string, std::shared_ptr<OperationGlobals>> operations_;
  std::shared_ptr<const sema::FunctionOptions> plain_;
  std::vector<Finding>* declaring_ = nullptr;  // set in declare(): imported files are declared too
};

}  // namespace kjit::eval
