// What the host's print function throws.
#include <stdexcept>

#include "embed/support.h"

namespace kjit {
namespace {

using test::kernel;

struct Full : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const char* const kText =
    "@njit\ndef say(n):\n    a = np.zeros(100)\n    for i in range(n):\n        print('line', i)\n        a[i] = i\n"
    "    return a.sum()\n"
    "@njit\ndef outer(n):\n    b = np.ones(10)\n    s = say(n)\n    print('end')\n    return s + b[0]\n";

class ThrowingPrint : public ::testing::Test {
 protected:
  ThrowingPrint() {
    Options options;
    options.write = [this](std::string_view t) {
      if (t.ends_with('\n') && ++lines == limit) throw Full("no room");
      text += t;
    };
    engine = Engine(std::move(options));
    module = engine.load_string(kernel(kText), "test.py");
  }
  Engine engine;
  Module module;
  std::string text;
  int lines = 0, limit = 2;
};

TEST_F(ThrowingPrint, ComesOutOfATypedCallThatStopsThere) {
  auto f = module.function<double(int64_t)>("outer");
  EXPECT_THROW(f(5), Full);
  EXPECT_EQ(lines, 2);
  limit = 0;
  EXPECT_EQ(f(3), 4.0);  // nothing is left of it in the next call
  EXPECT_EQ(lines, 6);
}

TEST_F(ThrowingPrint, ComesOutOfADynamicCall) {
  EXPECT_THROW(module.call("outer", {5}), Full);
  EXPECT_EQ(lines, 2);
  EXPECT_EQ(module.call("outer", {2}).as_double(), 2.0);
}

TEST_F(ThrowingPrint, ComesOutOfAScriptAndOfItsKernels) {
  EXPECT_THROW(engine.load_string("for i in range(5):\n    print(i)\n"), Full);
  EXPECT_EQ(lines, 2);
  lines = 0;
  EXPECT_THROW(engine.load_string(kernel(std::string(kText) + "print(outer(4))\n")), Full);
  EXPECT_EQ(lines, 2);
}

TEST_F(ThrowingPrint, AKjitErrorKeepsItsKind) {
  Options options;
  options.write = [](std::string_view) { throw Error(ErrorKind::OSError, "disk full"); };
  Engine other(std::move(options));
  Module m = other.load_string(kernel(kText));
  EXPECT_EQ(test::error_of([&] { m.call("say", {1}); }).kind(), ErrorKind::OSError);
}

}  // namespace
}  // namespace kjit
