// Findings as text, in the form clang gives them: place, message, source line with a gutter, caret range, notes, hint.
#include <algorithm>

#include "source/diagnostics.h"
#include "source/utf8.h"

namespace kjit::source {

namespace {

constexpr size_t kTabStop = 8;
constexpr size_t kMaxWidth = 160;  // of the shown part of a source line, in columns

struct Palette {
  std::string_view bold, error, warning, note, caret, reset;
};
constexpr Palette kPlain{};
constexpr Palette kColors{"\x1b[1m", "\x1b[1;31m", "\x1b[1;35m", "\x1b[1;36m", "\x1b[1;32m", "\x1b[0m"};

// A source line made printable: tabs become spaces, control characters and invalid bytes become "<01>". Cell i holds
// the text of code point i, so that a caret can be put under it.
struct Cell {
  std::string text;
  size_t width = 0;
};

std::vector<Cell> layout(std::string_view line) {
  std::vector<Cell> cells;
  size_t column = 0;
  for (size_t i = 0; i < line.size();) {
    const CodePoint point = decode_utf8(line, i);
    Cell cell;
    if (point.value == '\t') {
      cell.width = kTabStop - column % kTabStop;
      cell.text.assign(cell.width, ' ');
    } else if (!point.valid || point.value < 0x20 || (point.value >= 0x7F && point.value < 0xA0)) {
      cell.text = fmt::format("<{:02X}>", static_cast<uint32_t>(point.value));
      cell.width = cell.text.size();
    } else {
      cell.text = line.substr(i, point.size);
      cell.width = static_cast<size_t>(display_width(point.value));
    }
    column += cell.width;
    i += point.size;
    cells.push_back(std::move(cell));
  }
  return cells;
}

// First and one past the last cell to show: everything, or about kMaxWidth columns around the caret in a long line.
std::pair<size_t, size_t> visible(const std::vector<Cell>& cells, size_t caret) {
  size_t total = 0;
  for (const Cell& cell : cells) total += cell.width;
  if (total <= kMaxWidth) return {0, cells.size()};
  size_t first = std::min(caret, cells.size());
  for (size_t width = 0; first > 0 && width < kMaxWidth / 2; --first) width += cells[first - 1].width;
  size_t last = first;
  for (size_t width = 0; last < cells.size() && width < kMaxWidth; ++last) width += cells[last].width;
  return {first, last};
}

void append_source(std::string& out, const Diagnostic& diagnostic, const Palette& palette) {
  const std::vector<Cell> cells = layout(diagnostic.source_line);
  const size_t begin = diagnostic.column - 1;
  const bool one_line = diagnostic.end_line == diagnostic.line;
  const size_t end = std::max(begin + 1, one_line ? size_t{diagnostic.end_column} - 1 : cells.size());
  const auto [first, last] = visible(cells, begin);
  const std::string_view left = first > 0 ? "..." : "", right = last < cells.size() ? "..." : "";

  std::string text(left), marks(left.size(), ' ');
  for (size_t i = first; i < last; ++i) {
    text += cells[i].text;
    if (i < begin) marks.append(cells[i].width, ' ');
    if (i >= begin && i < end) marks.append(cells[i].width, '~');
  }
  text += right;
  const size_t caret = marks.find('~');
  if (caret == std::string::npos) {
    marks += '^';  // one past the end of the line
  } else {
    marks[caret] = '^';
  }
  text.erase(text.find_last_not_of(' ') + 1);
  out += fmt::format("{:5} | {}\n", diagnostic.line, text);
  const size_t bar = marks.find('^');
  out += fmt::format("      | {}{}{}{}\n", marks.substr(0, bar), palette.caret, marks.substr(bar), palette.reset);
}

void append(std::string& out, const Diagnostic& diagnostic, const Palette& palette) {
  const bool is_note = diagnostic.severity == Severity::Note;
  const bool is_warning = diagnostic.severity == Severity::Warning;
  const std::string_view word = is_note ? "note" : is_warning ? "warning" : "error";
  const std::string_view tint = is_note ? palette.note : is_warning ? palette.warning : palette.error;
  if (!diagnostic.file.empty()) {
    out += fmt::format("{}{}:", palette.bold, diagnostic.file);
    if (diagnostic.line != 0) out += fmt::format("{}:{}:", diagnostic.line, diagnostic.column);
    out += fmt::format("{} ", palette.reset);
  }
  out += fmt::format("{}{}:{} {}{}{}", tint, word, palette.reset, palette.bold, diagnostic.message, palette.reset);
  // What a script or kernel raised is named by its exception, as Python does.
  if (!is_note && diagnostic.kind != Diag::script_error) out += fmt::format(" [{}]", diag_name(diagnostic.kind));
  out += '\n';
  if (diagnostic.line != 0) append_source(out, diagnostic, palette);
  if (!diagnostic.hint.empty())
    out += fmt::format("      {}hint:{} {}\n", palette.note, palette.reset, diagnostic.hint);
  for (const Diagnostic& note : diagnostic.notes) append(out, note, palette);
}

}  // namespace

std::string render(const Diagnostic& diagnostic, bool color) {
  std::string out;
  append(out, diagnostic, color ? kColors : kPlain);
  return out;
}

std::string render(const std::vector<Diagnostic>& diagnostics, bool color) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) out += render(diagnostic, color);
  return out;
}

}  // namespace kjit::source
