// The file of earlier inputs.
#include "history.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>

namespace kjit_tool {

namespace {

constexpr size_t kMostBytes = size_t{1} << 22;  // of the file that is read
constexpr size_t kLongest = size_t{1} << 16;    // of an input that is kept

std::string encoded(const std::string& input) {
  std::string out;
  for (const char c : input) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\\') {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  return out + '\n';
}

std::string decoded(std::string_view line) {
  std::string out;
  for (size_t i = 0; i < line.size(); ++i) {
    const bool escape = line[i] == '\\' && i + 1 < line.size();
    if (escape) ++i;
    out += escape && line[i] == 'n' ? '\n' : line[i];
  }
  return out;
}

void write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = write(file, text.data(), text.size());
    if (done <= 0) return;
    text.remove_prefix(static_cast<size_t>(done));
  }
}

// A regular file of ours that nobody else may read; -1 for what is none.
int open_private(const std::string& path) {
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
  struct stat found = {};
  if (file >= 0 && fstat(file, &found) == 0 && S_ISREG(found.st_mode) && found.st_uid == geteuid() &&
      fchmod(file, 0600) == 0)
    return file;
  if (file >= 0) close(file);
  return -1;
}

std::string tail_of(int file) {
  std::string text;
  const off_t size = lseek(file, 0, SEEK_END);
  const off_t from = size > static_cast<off_t>(kMostBytes) ? size - static_cast<off_t>(kMostBytes) : 0;
  lseek(file, from, SEEK_SET);
  char part[8192];
  for (ssize_t got; (got = read(file, part, sizeof part)) > 0;) text.append(part, static_cast<size_t>(got));
  if (from > 0) text.erase(0, text.find('\n') + 1);
  return text;
}

}  // namespace

History::History(std::string path) : path_(std::move(path)) {
  if (path_.empty()) return;
  const int file = open_private(path_);
  if (file < 0) {
    path_.clear();
    return;
  }
  flock(file, LOCK_EX);
  const std::string text = tail_of(file);
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    if (end > at) earlier_.push_back(decoded(std::string_view(text).substr(at, end - at)));
    at = end + 1;
  }
  if (earlier_.size() > kMost) {
    const bool grown = earlier_.size() > 2 * kMost;
    earlier_.erase(earlier_.begin(), earlier_.end() - static_cast<ptrdiff_t>(kMost));
    if (grown && ftruncate(file, 0) == 0)
      for (const std::string& input : earlier_) write_all(file, encoded(input));
  }
  close(file);
}

void History::add(const std::string& input) {
  if (input.size() > kLongest || (!own_.empty() && own_.back() == input)) return;
  own_.push_back(input);
  if (path_.empty()) return;
  const int file = open_private(path_);
  if (file < 0) return;
  flock(file, LOCK_EX);
  write_all(file, encoded(input));
  close(file);
}

std::string history_path() {
  if (const char* own = std::getenv("KJIT_HISTORY")) return own;
  std::string folder;
  if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state == '/') {
    folder = std::string(state) + "/kjit";
  } else if (const char* home = std::getenv("HOME"); home && *home == '/') {
    folder = std::string(home) + "/.local/state/kjit";
  } else {
    return {};
  }
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(folder).parent_path(), ignored);
  mkdir(folder.c_str(), 0700);
  return folder + "/history";
}

}  // namespace kjit_tool
