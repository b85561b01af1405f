// ANTLR character stream over the bytes of a text: token indices are byte offsets, no copy, no conversion to UTF-32.
#pragma once

#include <CharStream.h>

#include <string>
#include <string_view>

#include "source/source_file.h"

namespace kjit::parse {

// Sees the bytes of `range` only; indices stay offsets into the whole text, which must outlive the stream.
class ByteStream final : public antlr4::CharStream {
 public:
  ByteStream(std::string_view text, source::Span range) : text_(text), begin_(range.begin), end_(range.end) {
    position_ = begin_;
  }

  void consume() override { ++position_; }
  size_t LA(ssize_t i) override {
    const size_t at = i > 0 ? position_ + static_cast<size_t>(i) - 1 : position_ - static_cast<size_t>(-i);
    return i != 0 && at >= begin_ && at < end_ ? static_cast<unsigned char>(text_[at]) : IntStream::EOF;
  }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  size_t index() override { return position_; }
  void seek(size_t index) override { position_ = index; }
  size_t size() override { return end_; }
  std::string getSourceName() const override { return "text"; }
  std::string getText(const antlr4::misc::Interval& interval) override {
    const auto first = static_cast<size_t>(interval.a), last = static_cast<size_t>(interval.b);
    return first <= last && last < text_.size() ? std::string(text_.substr(first, last + 1 - first)) : std::string();
  }
  std::string toString() const override { return std::string(text_); }

 private:
  std::string_view text_;
  size_t begin_;
  size_t end_;
  size_t position_;
};

}  // namespace kjit::parse
