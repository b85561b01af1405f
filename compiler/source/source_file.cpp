// Line table of a source file.
#include "source/source_file.h"

#include <algorithm>

#include "source/utf8.h"

namespace kjit::source {

namespace {

std::vector<uint32_t> find_line_starts(std::string_view text) {
  std::vector<uint32_t> starts{0};
  for (size_t i = 0; i < text.size(); ++i) {
    // "\n", "\r\n" and a lone "\r" end a line, as in Python.
    if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'))) {
      starts.push_back(static_cast<uint32_t>(i + 1));
    }
  }
  return starts;
}

}  // namespace

SourceFile::SourceFile(std::string path, std::string text, int32_t first_line)
    : path_(std::move(path)), text_(std::move(text)), first_line_(first_line) {
  if (std::string_view(text_).starts_with("\xEF\xBB\xBF")) text_.erase(0, 3);
  line_starts_ = find_line_starts(text_);
}

std::string_view SourceFile::text(Span span) const {
  const auto size = static_cast<uint32_t>(text_.size());
  const uint32_t begin = std::min(span.begin, size);
  const uint32_t end = std::clamp(span.end, begin, size);
  return std::string_view(text_).substr(begin, end - begin);
}

LineColumn SourceFile::line_column(uint32_t offset) const {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  const auto next = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<uint32_t>(next - line_starts_.begin());
  const uint32_t start = line_starts_[line - 1];
  const std::string_view before = std::string_view(text_).substr(start, offset - start);
  const int64_t number = int64_t{line} - 1 + first_line_;
  return {static_cast<uint32_t>(std::max<int64_t>(number, 0)), static_cast<uint32_t>(count_code_points(before)) + 1};
}

std::string_view SourceFile::line(uint32_t line) const {
  const int64_t index = int64_t{line} - first_line_;
  if (line == 0 || index < 0 || index >= static_cast<int64_t>(line_starts_.size())) return {};
  const auto next = static_cast<size_t>(index) + 1;
  const uint32_t begin = line_starts_[next - 1];
  uint32_t end = next < line_starts_.size() ? line_starts_[next] : static_cast<uint32_t>(text_.size());
  while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
  return std::string_view(text_).substr(begin, end - begin);
}

}  // namespace kjit::source
