// Editing by libedit: keys, earlier inputs, completion, pasted text. Wide characters throughout, so that what is typed
// is UTF-8 whatever the locale says.
#include "reader.h"

#ifdef KJIT_LIBEDIT
#include <histedit.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdlib>
#include <cstring>
#include <cwchar>
#include <deque>

#include "interrupts.h"

namespace kjit_tool {

namespace {

constexpr int kEntries = 4000;  // earlier inputs within reach of the keys
constexpr std::string_view kPasteBegin = "\033[200~", kPasteEnd = "\033[201~";

std::wstring widened(std::string_view text) {
  std::wstring out;
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t size = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
    bool fits = size > 0 && i + size <= text.size();
    uint32_t point = size > 1 ? lead & (0x7FU >> size) : lead;
    for (size_t k = 1; fits && k < size; ++k) {
      const auto next = static_cast<unsigned char>(text[i + k]);
      fits = (next & 0xC0) == 0x80;
      point = point << 6 | (next & 0x3FU);
    }
    out.push_back(fits ? static_cast<wchar_t>(point) : L'\uFFFD');
    i += fits ? size : 1;
  }
  return out;
}

std::string narrowed(std::wstring_view text) {
  std::string out;
  for (const wchar_t c : text) {
    const uint32_t point = static_cast<char32_t>(c);
    if (point < 0x80) {
      out += static_cast<char>(point);
    } else if (point < 0x800) {
      out += {static_cast<char>(0xC0 | point >> 6), static_cast<char>(0x80 | (point & 0x3F))};
    } else if (point < 0x10000) {
      out += {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
              static_cast<char>(0x80 | (point & 0x3F))};
    } else {
      out += {static_cast<char>(0xF0 | point >> 18), static_cast<char>(0x80 | (point >> 12 & 0x3F)),
              static_cast<char>(0x80 | (point >> 6 & 0x3F)), static_cast<char>(0x80 | (point & 0x3F))};
    }
  }
  return out;
}

class EditingReader final : public LineReader {
 public:
  EditingReader(Completer complete, bool color) : complete_(std::move(complete)), color_(color) {
    setlocale(LC_CTYPE, "");
    if (std::mbstowcs(nullptr, "\xC3\xA9", 0) != 1) setlocale(LC_CTYPE, "C.UTF-8");
    edit_ = el_init("kjit", stdin, stdout, stderr);
    if (!edit_) return;
    history_ = history_winit();
    HistEventW event;
    history_w(history_, &event, H_SETSIZE, kEntries);
    el_wset(edit_, EL_CLIENTDATA, this);
    el_wset(edit_, EL_SIGNAL, 0);
    el_wset(edit_, EL_EDITOR, L"emacs");
    el_wset(edit_, EL_HIST, history_w, history_);
    el_wset(edit_, EL_GETCFN, get_character);
    el_wset(edit_, EL_PROMPT_ESC, prompt_text, L'\1');
    add_keys();
  }
  ~EditingReader() override {
    if (edit_) el_end(edit_);
    if (history_) history_wend(history_);
  }
  EditingReader(const EditingReader&) = delete;
  EditingReader& operator=(const EditingReader&) = delete;

  bool works() const { return edit_ != nullptr && history_ != nullptr; }

  Got read(std::string_view prompt, std::string& line) override {
    const std::wstring plain = widened(prompt);
    prompt_ = color_ ? L"\1\033[1;32m\1" + plain + L"\1\033[0m\1" : plain;
    interrupted_ = false;
    tell_terminal("\033[?2004h");     // pasted text comes in brackets
    el_wset(edit_, EL_PREP_TERM, 1);  // before the prompt is seen: keys that follow it are for us
    int count = 0;
    const wchar_t* got = el_wgets(edit_, &count);
    tell_terminal("\033[?2004l");
    if (interrupted_) return Got::Interrupted;
    if (!got || count <= 0) return Got::End;
    std::wstring_view text(got, static_cast<size_t>(count));
    while (text.ends_with(L'\n') || text.ends_with(L'\r')) text.remove_suffix(1);
    line = narrowed(text);
    return Got::Line;
  }

  void remember(const std::string& input) override {
    HistEventW event;
    history_w(history_, &event, H_ENTER, widened(input).c_str());
  }

  bool offer(std::string_view text) override {
    waiting_.insert(waiting_.end(), kPasteBegin.begin(), kPasteBegin.end());
    waiting_.insert(waiting_.end(), text.begin(), text.end());
    waiting_.insert(waiting_.end(), kPasteEnd.begin(), kPasteEnd.end());
    return true;
  }

 private:
  static EditingReader& self(EditLine* edit) {
    void* data = nullptr;
    el_wget(edit, EL_CLIENTDATA, &data);
    return *static_cast<EditingReader*>(data);
  }

  void add_keys() {
    el_wset(edit_, EL_ADDFN, L"kjit-complete", L"Complete the word before the cursor", complete_word);
    el_wset(edit_, EL_ADDFN, L"kjit-paste", L"Insert pasted text", paste);
    el_wset(edit_, EL_ADDFN, L"kjit-end", L"End of input, or delete a character", end_or_delete);
    static constexpr const wchar_t* kKeys[][2] = {
        {L"^I", L"kjit-complete"},          {L"\\e[200~", L"kjit-paste"},   {L"^D", L"kjit-end"},
        {L"^R", L"em-inc-search-prev"},     {L"\\e[1;5C", L"em-next-word"}, {L"\\e[1;5D", L"ed-prev-word"},
        {L"\\e[3~", L"ed-delete-next-char"}};
    for (const auto& [key, command] : kKeys) el_wset(edit_, EL_BIND, key, command, nullptr);
  }

  static void tell_terminal(std::string_view text) {
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
  }

  static wchar_t* prompt_text(EditLine* edit) { return self(edit).prompt_.data(); }

  int next_byte() {
    if (!waiting_.empty()) {
      const auto byte = static_cast<unsigned char>(waiting_.front());
      waiting_.pop_front();
      return byte;
    }
    for (Wake wake; (wake = wait_for_input()) != Wake::Input;) {
      if (wake == Wake::Terminal) {
        el_resize(edit_);
        el_wset(edit_, EL_PREP_TERM, 0);  // a shell may have set other modes while we were stopped
        el_wset(edit_, EL_PREP_TERM, 1);
        el_wset(edit_, EL_REFRESH);
      } else {
        interrupted_ = true;
        return -1;
      }
    }
    return read_byte();
  }

  // 1: a character; 0: the end; -1: interrupted. Bytes that are no UTF-8 become U+FFFD.
  static int get_character(EditLine* edit, wchar_t* out) {
    EditingReader& reader = self(edit);
    const int lead = reader.next_byte();
    if (lead < 0) return reader.interrupted_ ? -1 : 0;
    std::string bytes(1, static_cast<char>(lead));
    const size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    while (bytes.size() < size) {
      const int next = reader.next_byte();
      if (next < 0) return reader.interrupted_ ? -1 : 0;
      if ((next & 0xC0) != 0x80) {  // the next character already
        reader.waiting_.push_front(static_cast<char>(next));
        break;
      }
      bytes.push_back(static_cast<char>(next));
    }
    *out = widened(bytes)[0];
    return 1;
  }

  // Everything up to the closing mark, as it is; the input is run when Enter is pressed.
  static unsigned char paste(EditLine* edit, int) {
    const std::wstring end = widened(kPasteEnd);
    std::wstring text;
    for (wchar_t c = 0; !text.ends_with(end);) {
      if (el_wgetc(edit, &c) != 1) return CC_EOF;
      text.push_back(c == L'\r' ? L'\n' : c);
    }
    text.resize(text.size() - end.size());
    std::erase_if(text, [](wchar_t c) { return c < 32 && c != L'\n' && c != L'\t'; });
    while (text.ends_with(L'\n')) text.pop_back();
    if (!text.empty() && el_winsertstr(edit, text.c_str()) != 0) return CC_ERROR;
    return CC_REFRESH;
  }

  static unsigned char end_or_delete(EditLine* edit, int) {
    const LineInfoW* line = el_wline(edit);
    if (line->buffer == line->lastchar) return CC_EOF;
    if (line->cursor == line->lastchar) return CC_ERROR;
    el_cursor(edit, 1);
    el_wdeletestr(edit, 1);
    return CC_REFRESH;
  }

  static unsigned char complete_word(EditLine* edit, int) {
    EditingReader& reader = self(edit);
    const LineInfoW* line = el_wline(edit);
    const std::wstring_view before(line->buffer, static_cast<size_t>(line->cursor - line->buffer));
    const size_t line_begin = before.rfind(L'\n') + 1;
    const std::wstring_view current = before.substr(line_begin);
    if (current.find_first_not_of(L" \t") == std::wstring_view::npos)
      return el_winsertstr(edit, L"    ") == 0 ? CC_REFRESH : CC_ERROR;
    const std::string text = narrowed(current);
    const Completion found = reader.complete_(text);
    if (found.words.empty()) return CC_ERROR;
    std::string common = found.words[0];
    for (const std::string& word : found.words) {
      const auto differ = std::mismatch(common.begin(), common.end(), word.begin(), word.end());
      common.erase(differ.first, common.end());
    }
    const std::string typed = text.substr(found.begin);
    if (common.size() > typed.size()) {
      return el_winsertstr(edit, widened(common.substr(typed.size())).c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    }
    if (found.words.size() == 1) return CC_ERROR;
    reader.list(found.words, typed.rfind('.') == std::string::npos ? 0 : typed.rfind('.') + 1);
    return CC_REDISPLAY;
  }

  // In columns, the first `skip` characters left out.
  void list(const std::vector<std::string>& words, size_t skip) const {
    constexpr size_t kShown = 200;
    int columns = 80;
    el_wget(edit_, EL_GETTC, L"co", &columns, nullptr);
    const size_t count = std::min(words.size(), kShown);
    size_t width = 0;
    for (size_t i = 0; i < count; ++i) width = std::max(width, words[i].size() - skip + 2);
    const size_t across = std::max<size_t>(1, static_cast<size_t>(std::max(columns, 20)) / width);
    std::string text = "\n";
    for (size_t i = 0; i < count; ++i) {
      std::string word = words[i].substr(skip);
      const bool last = (i + 1) % across == 0 || i + 1 == count;
      if (!last) word.resize(width, ' ');
      text += word + (last ? "\n" : "");
    }
    if (count < words.size()) text += "... and " + std::to_string(words.size() - count) + " more\n";
    tell_terminal(text);
  }

  Completer complete_;
  bool color_;
  EditLine* edit_ = nullptr;
  HistoryW* history_ = nullptr;
  std::wstring prompt_;
  bool interrupted_ = false;
  std::deque<char> waiting_;  // bytes to be read before those of the terminal
};

}  // namespace

std::unique_ptr<LineReader> make_editing_reader(Completer complete, bool color) {
  const char* terminal = std::getenv("TERM");
  if (isatty(STDIN_FILENO) == 0 || isatty(STDOUT_FILENO) == 0 || !terminal || !*terminal ||
      std::strcmp(terminal, "dumb") == 0)
    return nullptr;
  auto reader = std::make_unique<EditingReader>(std::move(complete), color);
  return reader->works() ? std::move(reader) : nullptr;
}

}  // namespace kjit_tool

#else

namespace kjit_tool {
std::unique_ptr<LineReader> make_editing_reader(Completer, bool) { return nullptr; }
}  // namespace kjit_tool

#endif
