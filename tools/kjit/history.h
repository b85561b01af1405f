// The inputs of earlier sessions, in a file that is the user's alone.
#pragma once

#include <string>
#include <vector>

namespace kjit_tool {

// One input a line; line ends in it are written "\n", backslashes "\\". Each input is appended at once, so that several
// sessions may go on side by side and nothing is lost with one of them. A file that cannot be read or written is no
// error: then there is no history.
class History {
 public:
  // `path` empty: nothing is kept.
  explicit History(std::string path);

  const std::vector<std::string>& earlier() const { return earlier_; }  // oldest first, at most kMost
  const std::vector<std::string>& own() const { return own_; }          // of this session
  void add(const std::string& input);

  static constexpr size_t kMost = 2000;

 private:
  std::string path_;
  std::vector<std::string> earlier_, own_;
};

// KJIT_HISTORY, empty for none; otherwise below the user's directory for state. Makes the directory.
std::string history_path();

}  // namespace kjit_tool
