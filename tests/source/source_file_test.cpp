// Line tables and UTF-8.
#include "source/source_file.h"

#include <gtest/gtest.h>

#include "source/utf8.h"

namespace kjit::source {

TEST(SourceFile, FindsLinesAndColumns) {
  const SourceFile file("a.py", "ab\ncd\r\nef\rgh");
  EXPECT_EQ(file.line_count(), 4u);
  EXPECT_EQ(file.line(1), "ab");
  EXPECT_EQ(file.line(2), "cd");
  EXPECT_EQ(file.line(3), "ef");
  EXPECT_EQ(file.line(4), "gh");
  EXPECT_EQ(file.line(5), "");
  EXPECT_EQ(file.line(0), "");
  const auto at = [&](uint32_t offset) {
    const LineColumn place = file.line_column(offset);
    return std::pair(place.line, place.column);
  };
  EXPECT_EQ(at(0), std::pair(1u, 1u));
  EXPECT_EQ(at(2), std::pair(1u, 3u));
  EXPECT_EQ(at(3), std::pair(2u, 1u));
  EXPECT_EQ(at(7), std::pair(3u, 1u));
  EXPECT_EQ(at(11), std::pair(4u, 2u));
  EXPECT_EQ(at(1000), std::pair(4u, 3u));
}

TEST(SourceFile, ColumnsCountCodePoints) {
  const SourceFile file("a.py", "\u00e9\U0001F600x\xff\xffy");
  EXPECT_EQ(file.line_column(2).column, 2u);
  EXPECT_EQ(file.line_column(6).column, 3u);
  EXPECT_EQ(file.line_column(9).column, 6u);  // an invalid byte is one
}

TEST(SourceFile, DropsTheByteOrderMark) {
  EXPECT_EQ(SourceFile("a.py", "\xEF\xBB\xBFx").text(), "x");
  EXPECT_EQ(SourceFile("a.py", "x\xEF\xBB\xBF").text().size(), 4u);
}

TEST(SourceFile, TextOfASpanStaysInside) {
  const SourceFile file("a.py", "abc");
  EXPECT_EQ(file.text({1, 2}), "b");
  EXPECT_EQ(file.text({1, 99}), "bc");
  EXPECT_EQ(file.text({99, 100}), "");
  EXPECT_EQ(file.text({2, 1}), "");
}

TEST(SourceFile, EmptyTextHasOneLine) {
  const SourceFile file("a.py", "");
  EXPECT_EQ(file.line_count(), 1u);
  EXPECT_EQ(file.line_column(0).line, 1u);
}

TEST(Utf8, FindsTheFirstInvalidByte) {
  const auto invalid = [](std::string_view text) { return find_invalid_utf8(text); };
  EXPECT_EQ(invalid("plain text of more than eight bytes \u00e9\u4f60\U0001F600"), std::string_view::npos);
  EXPECT_EQ(invalid("ab\xff"), 2u);
  EXPECT_EQ(invalid("ab\xc3"), 2u);            // cut short
  EXPECT_EQ(invalid("\xc0\x80"), 0u);          // overlong
  EXPECT_EQ(invalid("\xe0\x80\x80"), 0u);      // overlong
  EXPECT_EQ(invalid("\xed\xa0\x80"), 0u);      // surrogate
  EXPECT_EQ(invalid("\xf4\x90\x80\x80"), 0u);  // above U+10FFFF
  EXPECT_EQ(invalid("\xf0\x9f\x98\x80"), std::string_view::npos);
  EXPECT_EQ(invalid("12345678\x80"), 8u);
}

TEST(SourceFile, APartOfAFileHasItsLines) {
  const SourceFile file("part.py", "a\nbc\n", 41);
  EXPECT_EQ(file.line_column(2).line, 42u);
  EXPECT_EQ(file.line(42), "bc");
  EXPECT_EQ(file.line(2), "");
  EXPECT_EQ(file.line_start(42), 2u);
  const SourceFile early("part.py", "a\nb\nc\n", -1);  // a head before the file's first line
  EXPECT_EQ(early.line_column(0).line, 0u);
  EXPECT_EQ(early.line_column(4).line, 1u);
  EXPECT_EQ(early.line(1), "c");
}

TEST(Utf8, EncodesWhatItDecodes) {
  for (const char32_t c : {0x0u, 0x7Fu, 0x80u, 0x7FFu, 0x800u, 0xFFFFu, 0x10000u, 0x10FFFFu}) {
    std::string text;
    append_utf8(text, c);
    const CodePoint point = decode_utf8(text, 0);
    EXPECT_TRUE(point.valid);
    EXPECT_EQ(point.value, c);
    EXPECT_EQ(point.size, text.size());
  }
}

}  // namespace kjit::source
