// What a line may go on as.
#include <dirent.h>

#include <algorithm>
#include <cctype>

#include "session_view.h"

namespace kjit_tool {

namespace {

bool is_word_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Files that begin with `path`, directories with a slash behind.
std::vector<std::string> files(const std::string& path) {
  const size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
  const std::string begin = path.substr(folder.size());
  std::vector<std::string> out;
  DIR* listing = opendir(folder.empty() ? "." : folder.c_str());
  if (!listing) return out;
  while (const dirent* entry = readdir(listing)) {
    const std::string name = entry->d_name;
    if (!name.starts_with(begin) || (begin.empty() && name.starts_with('.'))) continue;
    out.push_back(folder + name + (entry->d_type == DT_DIR ? "/" : ""));
  }
  closedir(listing);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

Completion complete(const kjit::Session& session, std::string_view text) {
  Completion out;
  const size_t space = text.find(' ');
  if (text.starts_with('%') && space == std::string_view::npos) {
    for (const std::string& name : command_names())
      if (name.starts_with(text)) out.words.push_back(name);
    return out;
  }
  const std::string_view command = text.substr(0, std::min(space, text.size()));
  // The last quote that is open is the begin of a file's name, as in np.load("a...
  size_t quote = std::string_view::npos;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '"' && text[i] != '\'') continue;
    if (quote == std::string_view::npos) {
      quote = i;
    } else if (text[quote] == text[i]) {
      quote = std::string_view::npos;
    }
  }
  if (command == "%run" || command == "%load" || quote != std::string_view::npos) {
    out.begin = quote != std::string_view::npos ? quote + 1 : text.rfind(' ') + 1;
    out.words = files(std::string(text.substr(out.begin)));
    return out;
  }
  out.begin = text.size();
  while (out.begin > 0 && is_word_byte(text[out.begin - 1])) --out.begin;
  if (out.begin == text.size()) return out;
  try {
    out.words = session.completions(text.substr(out.begin));
  } catch (const kjit::Error&) {
    out.words.clear();  // nothing to offer
  }
  return out;
}

}  // namespace kjit_tool
