// A session: texts run one after another in one scope, as at a prompt.
//
//   kjit::Engine engine(options);
//   kjit::Session session(engine);
//   session.run("from numba import njit\n@njit\ndef twice(x):\n    return x + x\n", show);
//   session.run("twice(4)\n", show);   // show() gets 8, and so does the variable `_`
//
// What a kernel reads of the scope (functions, numbers, tuples) is compiled in; when a name that it has read is given
// another value, the kernel is compiled again at its next call. Elements of arrays are compiled in too, and stay.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "kjit/engine.h"
#include "kjit/error.h"
#include "kjit/export.h"
#include "kjit/value.h"

namespace kjit {

// What a text is before more lines follow it.
enum class InputForm : uint8_t {
  Empty,     // nothing but blanks and comments
  Complete,  // may be run; so may a text with a syntax error that no further line could mend
  Block,     // may be run, and may go on: its last statement has a block
  Started,   // must go on: a statement is not finished, "def f():"; a blank line does not help
  Open,      // must go on: a bracket, a string or a joined line is not finished; blank lines are part of it
};
KJIT_API InputForm input_form(std::string_view text);

// What is known of a name.
struct Description {
  std::string kind;       // "kernel", "function", "built-in function", "module", or the type of a value
  std::string signature;  // "f(x, y=...)"; empty for what cannot be called
  std::string doc;        // the docstring, or one sentence about a built-in; may be empty
  Place defined;          // of functions of kernel text
  std::string value;      // repr() of what is no function
};

namespace detail {
class SessionState;
}

// Used by one thread at a time; interrupt() of the engine is for any. Functions that it has defined live as long as it.
class KJIT_API Session {
 public:
  // Gets the value of each expression statement of the top level that is not None; `_` has it then. What it throws
  // comes out of run().
  using Show = std::function<void(const Value&)>;

  // `__name__` is "__main__". The engine may go first: then nothing new is compiled.
  explicit Session(const Engine& engine);
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // Runs statements. `name` is what messages show as the file; empty: "<input N>". Gives the status when the text
  // called sys.exit(). Throws kjit::Error; the scope then has what was done before.
  std::optional<int> run(std::string text, const Show& show = {}, std::string name = {});
  std::optional<int> run_file(const std::string& path, const Show& show = {});
  // Parses once, runs `count` times, shows nothing: seconds taken by all runs. Throws kjit::Error, Usage when the text
  // calls sys.exit().
  double time(std::string text, int64_t count);

  std::vector<std::string> names() const;  // of variables, sorted
  std::optional<Value> global(std::string_view name) const;
  void reset();  // forgets all variables
  // What the name at the end of a line may become: `word` is "np.lin" or "pri"; the results are whole words. Evaluates
  // attributes, calls nothing.
  std::vector<std::string> completions(std::string_view word) const;
  // nullopt: there is nothing of that dotted name.
  std::optional<Description> describe(std::string_view name) const;
  // Text of a stage from Types on, for a function of the scope; `signature` as for Engine::inspect.
  std::string inspect(std::string_view function, std::string_view signature, Stage stage) const;

 private:
  std::unique_ptr<detail::SessionState> state_;
};

}  // namespace kjit
