// The error record: kinds, messages with operands, places; interruption.
#include <gtest/gtest.h>
#include <kjit_rt/core.h>

#include <cstring>
#include <string>

namespace {

const kjit_location kPlace = {"kernel.py", "f", 3, 5, 3, 9};

TEST(Error, KeepsKindPlaceAndMessage) {
  kjit_ctx ctx{};
  EXPECT_EQ(kjit_rt_raise(&ctx, KJIT_VALUE_ERROR, &kPlace, "bad shape"), KJIT_VALUE_ERROR);
  EXPECT_EQ(ctx.error.kind, KJIT_VALUE_ERROR);
  EXPECT_EQ(ctx.error.location, &kPlace);
  EXPECT_STREQ(ctx.error.message, "bad shape");
}

TEST(Error, PutsOperandsInPlaceOfBraces) {
  kjit_ctx ctx{};
  kjit_rt_raise_ops(&ctx, KJIT_INDEX_ERROR, nullptr, "index {0} is out of bounds for axis {2} with size {1}", -9, 4, 0);
  EXPECT_STREQ(ctx.error.message, "index -9 is out of bounds for axis 0 with size 4");
  kjit_rt_raise_ops(&ctx, KJIT_INDEX_ERROR, nullptr, "{0}{1}{2}", INT64_MIN, INT64_MAX, 0);
  EXPECT_STREQ(ctx.error.message, "-922337203685477580892233720368547758070");
}

TEST(Error, PutsManyOperandsInPlace) {
  kjit_ctx ctx{};
  const int64_t operands[] = {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100};
  EXPECT_EQ(kjit_rt_raise_list(&ctx, KJIT_VALUE_ERROR, nullptr, "({10},{0}) ({3},) {11} {100}", operands, 11),
            KJIT_VALUE_ERROR);
  EXPECT_STREQ(ctx.error.message, "(100,0) (30,) {11} {100}");
}

TEST(Error, LeavesOtherBracesAlone) {
  kjit_ctx ctx{};
  kjit_rt_raise_ops(&ctx, KJIT_VALUE_ERROR, nullptr, "{3} {x} { {{0} {0", 7, 0, 0);
  EXPECT_STREQ(ctx.error.message, "{3} {x} { {7 {0");
  kjit_rt_raise(&ctx, KJIT_VALUE_ERROR, nullptr, "a user's {0}");
  EXPECT_STREQ(ctx.error.message, "a user's {0}");
}

TEST(Error, CutsLongMessagesBetweenCharacters) {
  kjit_ctx ctx{};
  std::string text = "x";
  for (int i = 0; i < 400; ++i) text += "\xC3\xA9";
  kjit_rt_raise(&ctx, KJIT_VALUE_ERROR, nullptr, text.c_str());
  size_t size = std::strlen(ctx.error.message);
  EXPECT_EQ(size, 495u);  // 1 + 2 * 247
  EXPECT_EQ(text.compare(0, size, ctx.error.message), 0);
  text.insert(0, "y");
  kjit_rt_raise(&ctx, KJIT_VALUE_ERROR, nullptr, text.c_str());
  EXPECT_EQ(std::strlen(ctx.error.message), 494u);
}

TEST(Error, MessagesAreMadePieceByPieceAndPrintGoesOnAfterwards) {
  kjit_ctx ctx{};
  std::string printed;
  ctx.write = [](void* user, const char* text, size_t size) { static_cast<std::string*>(user)->append(text, size); };
  ctx.write_user = &printed;
  kjit_rt_raise(&ctx, KJIT_VALUE_ERROR, nullptr, "an old one");
  kjit_rt_message(&ctx);
  kjit_rt_print_text(&ctx, "n is ", 5);
  kjit_rt_print_i64(&ctx, -3);
  kjit_rt_print_text(&ctx, ", ", 2);
  kjit_rt_print_f64(&ctx, 0.5);
  EXPECT_EQ(kjit_rt_raise_message(&ctx, KJIT_KEY_ERROR, &kPlace), KJIT_KEY_ERROR);
  EXPECT_EQ(ctx.error.kind, KJIT_KEY_ERROR);
  EXPECT_EQ(ctx.error.location, &kPlace);
  EXPECT_STREQ(ctx.error.message, "n is -3, 0.5");
  EXPECT_EQ(printed, "");
  kjit_rt_print_bool(&ctx, 1);
  EXPECT_EQ(printed, "True");
}

TEST(Error, PiecesThatDoNotFitAreCut) {
  kjit_ctx ctx{};
  kjit_rt_message(&ctx);
  const std::string line(100, 'x');
  for (int i = 0; i < 6; ++i) kjit_rt_print_text(&ctx, line.data(), 100);
  kjit_rt_raise_message(&ctx, KJIT_VALUE_ERROR, nullptr);
  EXPECT_EQ(std::strlen(ctx.error.message), 495u);
  EXPECT_EQ(ctx.write, nullptr);
}

TEST(Error, NeverReportsSuccessWhenRaising) {
  kjit_ctx ctx{};
  EXPECT_EQ(kjit_rt_raise(&ctx, KJIT_OK, nullptr, nullptr), KJIT_RUNTIME_ERROR);
  EXPECT_STREQ(ctx.error.message, "");
}

TEST(Error, NamesEveryKindAsPythonDoes) {
  EXPECT_STREQ(kjit_status_name(KJIT_ZERO_DIVISION_ERROR), "ZeroDivisionError");
  EXPECT_STREQ(kjit_status_name(KJIT_NAME_ERROR), "UnboundLocalError");
  EXPECT_STREQ(kjit_status_name(KJIT_INTERRUPTED), "KeyboardInterrupt");
  for (int kind = 0; kind <= KJIT_UNOWNED_RESULT; ++kind) EXPECT_STRNE(kjit_status_name(kind), "UnknownError") << kind;
  EXPECT_STREQ(kjit_status_name(-1), "UnknownError");
  EXPECT_STREQ(kjit_status_name(KJIT_UNOWNED_RESULT + 1), "UnknownError");
}

TEST(Interrupt, IsSeenOnlyWhenTheFlagIsSet) {
  kjit_ctx ctx{};
  EXPECT_EQ(kjit_rt_interrupted(&ctx, &kPlace), KJIT_OK);
  volatile int32_t flag = 0;
  ctx.interrupt = &flag;
  EXPECT_EQ(kjit_rt_interrupted(&ctx, &kPlace), KJIT_OK);
  flag = 1;
  EXPECT_EQ(kjit_rt_interrupted(&ctx, &kPlace), KJIT_INTERRUPTED);
  EXPECT_EQ(ctx.error.kind, KJIT_INTERRUPTED);
  EXPECT_EQ(ctx.error.location, &kPlace);
}

}  // namespace
