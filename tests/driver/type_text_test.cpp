// Types and findings, as the cache keeps them.
#include "driver/type_text.h"

#include <gtest/gtest.h>

#include "driver/finding_text.h"
#include "parse/ast.h"

namespace kjit::driver {
namespace {

TEST(TypeText, TypesComeBack) {
  sema::TypeContext types;
  const sema::TypeRef array = types.array(sema::Scalar::F32, 3, sema::Layout::F, true);
  for (sema::TypeRef type :
       {types.none(), types.int64(), types.py_float(), types.scalar(sema::Scalar::C64), array, types.generator(),
        types.tuple({array, types.tuple({}), types.boolean()}), types.optional(array), types.dtype(sema::Scalar::U8),
        types.string("a 5:b @0 \n"), types.string(""), types.homogeneous(types.int64(), 12)}) {
    const std::string text = type_text(type, std::vector<sema::TypeRef>());
    EXPECT_EQ(type_of_text(types, text, {}), type) << sema::to_string(type);
    for (size_t length = 0; length < text.size(); ++length)
      EXPECT_NE(type_of_text(types, text.substr(0, length), {}), type) << text.substr(0, length);
    EXPECT_EQ(type_of_text(types, text + "1 ", {}), nullptr);
  }
  for (const char* bad : {"", "x", "99 0 0 0 0 0 0:0 ", "3 99 0 0 0 0 0:0 ", "@0 ", "@", "4 4 0 0 0 0 0:1 ",
                          "1 4 0 0 0 0 99999:0 ", "8 4 0 0 0 0 0:0 "})
    EXPECT_EQ(type_of_text(types, bad, {}), nullptr) << bad;
}

TEST(TypeText, FunctionsAreThoseOfTheArguments) {
  sema::TypeContext types, later;
  const ast::FunctionDef def{}, other{};
  const sema::TypeRef f = types.function(&def, nullptr, {}), g = types.function(&other, nullptr, {});
  const std::vector<sema::TypeRef> given{types.int64(), types.tuple({types.boolean(), f})};
  const std::string text = type_text(types.tuple({f, types.int64()}), given);
  const sema::TypeRef f2 = later.function(&other, nullptr, {});
  const std::vector<sema::TypeRef> again{later.int64(), later.tuple({later.boolean(), f2})};
  EXPECT_EQ(type_of_text(later, text, again), later.tuple({f2, later.int64()}));
  EXPECT_EQ(type_text(g, given), "") << "none of the arguments";
  EXPECT_EQ(type_text(types.tuple({g}), given), "");
  EXPECT_EQ(type_of_text(types, type_text(given[1], given), given), given[1]);
}

TEST(FindingText, FindingsComeBack) {
  source::Diagnostic d{};
  d.kind = static_cast<source::Diag>(7), d.severity = source::Severity::Warning;
  d.message = "m", d.file = "k.py", d.line = 3, d.column = 4, d.end_line = 5, d.end_column = 6;
  d.source_line = "x = 1\n", d.hint = "h";
  d.notes.push_back(d);
  const std::string text = text_of({d, d});
  std::vector<source::Diagnostic> out;
  ASSERT_TRUE(findings_of_text(text, out));
  ASSERT_EQ(out.size(), 2u);
  EXPECT_EQ(text_of(out), text);
  EXPECT_EQ(out[1].notes.at(0).end_column, 6u);
  for (size_t length = 1; length < text.size() / 2; ++length)
    EXPECT_FALSE(findings_of_text(text.substr(0, length), out)) << length;
}

}  // namespace
}  // namespace kjit::driver
