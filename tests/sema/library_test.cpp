// Functions of the library: how they are typed, and how what goes wrong in them is said at their call.
#include "sema/library.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/kernel_text.h"

namespace kjit {
namespace {

using test::KernelText;
using testing::HasSubstr;

std::string result(const std::string& expression, const std::string& signature) {
  return KernelText("import numpy as np\ndef f(a, b): return " + expression + "\n").result("f", signature);
}

TEST(Library, EveryRowHasItsFunction) {
  sema::TypeContext types;
  sema::Library library(types);
  for (const std::string& name : sema::builtin_names("")) {
    const sema::Builtin& row = *sema::find_builtin(name);
    if (!row.library_file().empty()) EXPECT_EQ(library.function(row).def->name, name.substr(name.rfind('.') + 1));
  }
}

TEST(Library, AFunctionIsTypedForItsArguments) {
  EXPECT_EQ(result("np.diff(a)", "f8[:], i8"), "array(float64, 1d, C)");
  EXPECT_EQ(result("np.diff(a, axis=0)", "b1[:,::1], i8"), "array(bool, 2d, C)");
  EXPECT_EQ(result("np.diff((a, b))", "f4, i8"), "array(float64, 1d, C)");
}

TEST(Library, LiteralParametersDecideConditions) {
  EXPECT_EQ(result("np.diff(a, 0)", "f8[:], i8"), "array(float64, 1d, A)");  // the array itself
  EXPECT_EQ(result("np.diff(a, 3)", "f8[:], i8"), "array(float64, 1d, C)");
}

TEST(Library, AWrongArgumentIsSaidAtTheCall) {
  EXPECT_EQ(result("np.diff(a, axis=-3)", "f8[:,:], i8"),
            "2:37: axis -3 is out of bounds for array of dimension 2 [bad-argument]\n");
  EXPECT_EQ(result("np.diff(b)", "f8[:], i8"), "2:29: np.diff() takes an array for 'a', not an int64 [bad-argument]\n");
  EXPECT_EQ(result("np.diff(a, b)", "f8[:], i8"), "2:32: 'n' of np.diff() must be a constant [not-constant]\n");
}

TEST(Library, FunctionsOfTheLibraryAreValues) {
  KernelText text("import numpy as np\ndef g(h, a): return h(a)\ndef f(a): return g(np.diff, a)\n");
  EXPECT_EQ(text.result("f", "i4[:]"), "array(int32, 1d, C)");
}

TEST(Library, ItsOwnNamesAreNotKernels) {
  EXPECT_THAT(KernelText("def f(a): return along(a, 0, 1)\n").result("f", "f8[:]"), HasSubstr("[undefined-name]"));
}

}  // namespace
}  // namespace kjit
