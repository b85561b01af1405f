// Lines without editing: for pipes, and for terminals without libedit.
#include <cstdio>

#include "interrupts.h"
#include "reader.h"

namespace kjit_tool {

namespace {

class PlainReader final : public LineReader {
 public:
  Got read(std::string_view prompt, std::string& line) override {
    std::fwrite(prompt.data(), 1, prompt.size(), stdout);
    std::fflush(stdout);
    line.clear();
    while (true) {
      if (const Wake wake = wait_for_input(); wake == Wake::Interrupt) return Got::Interrupted;
      const int byte = read_byte();
      if (byte < 0) return line.empty() ? Got::End : Got::Line;
      if (byte == '\n') return Got::Line;
      line.push_back(static_cast<char>(byte));
    }
  }
};

}  // namespace

std::unique_ptr<LineReader> make_plain_reader() { return std::make_unique<PlainReader>(); }

}  // namespace kjit_tool
