// Source text with a line table. Every later stage refers to text by byte offset (Span) into one SourceFile.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace kjit::source {

// Half-open range of byte offsets [begin, end) in one file. {0, 0} means "no place".
struct Span {
  uint32_t begin = 0;
  uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

inline Span join(Span a, Span b) { return {a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end}; }

// One-based line, one-based column; columns count code points, as an editor shows them (a tab is one).
struct LineColumn {
  uint32_t line = 0;
  uint32_t column = 0;
};

class SourceFile {
 public:
  // `path` is what messages show. The text must be UTF-8; a byte order mark at its head is dropped. `first_line`: the
  // number of the text's first line where it is a part of a larger file; lines numbered below 1 are shown as 0.
  SourceFile(std::string path, std::string text, int32_t first_line = 1);

  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  std::string_view text(Span span) const;
  LineColumn line_column(uint32_t offset) const;
  uint32_t line_count() const { return static_cast<uint32_t>(line_starts_.size()); }
  // The text of a line by its number, without its line end; empty for a line that is not there.
  std::string_view line(uint32_t line) const;
  uint32_t line_start(uint32_t line) const { return line_starts_[line - static_cast<uint32_t>(first_line_)]; }

 private:
  std::string path_;
  std::string text_;
  std::vector<uint32_t> line_starts_;
  int32_t first_line_;
};

using SourceFilePtr = std::shared_ptr<const SourceFile>;

// A place in a file. `file` may be null for things that have no text.
struct Location {
  const SourceFile* file = nullptr;
  Span span;
};

}  // namespace kjit::source
