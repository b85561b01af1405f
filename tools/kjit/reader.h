// Lines that a person types: edited by libedit on a terminal, plainly elsewhere.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kjit_tool {

class LineReader {
 public:
  enum class Got {
    Line,         // what was typed or pasted; without the last line end, but it may hold some
    End,          // of the input
    Interrupted,  // Ctrl-C
  };
  virtual ~LineReader() = default;
  virtual Got read(std::string_view prompt, std::string& line) = 0;
  // For the keys that go through earlier inputs.
  virtual void remember(const std::string& /*input*/) {}
  // The next line begins with this text, to be edited. False: this reader cannot.
  virtual bool offer(std::string_view /*text*/) { return false; }
};

// What the text before the cursor may go on as: `begin` is where the word begins, `words` what it may become.
struct Completion {
  size_t begin = 0;
  std::vector<std::string> words;
};
using Completer = std::function<Completion(std::string_view text)>;

std::unique_ptr<LineReader> make_plain_reader();
// Null where kjit was built without libedit, or the terminal cannot be edited on. One at a time.
std::unique_ptr<LineReader> make_editing_reader(Completer complete, bool color);

}  // namespace kjit_tool
