// Compiled code that later engines find on disk: the same behaviour in all respects, and never for anything else.
#include <gtest/gtest.h>
#include <kjit/kjit.h>

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "support.h"

namespace kjit::test {
namespace {

namespace fs = std::filesystem;
using Outcome = CacheEvent::Outcome;

class CacheTest : public ::testing::Test {
 protected:
  CacheTest() {
    std::string pattern = fs::temp_directory_path() / "kjit-cache-XXXXXX";
    root_ = mkdtemp(pattern.data());
    options_.cache_directory = (root_ / "cache").string();
    options_.caching = Caching::All;
  }
  ~CacheTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  // What the cache did for the functions of this name, in short: "hit", "miss: why", "unused: why".
  static std::string outcome(const Engine& engine, const std::string& name = "f") {
    std::string out;
    for (const CacheEvent& event : engine.cache_events()) {
      if (!event.function.starts_with(name + "(") && !event.function.starts_with(name + " ")) continue;
      if (!out.empty()) out += " | ";
      out += event.outcome == Outcome::Hit ? "hit" : event.outcome == Outcome::Miss ? "miss: " : "unused: ";
      out += event.reason;
    }
    return out;
  }
  // Loads the text in an engine of its own, as another process would, and calls f.
  Value call(const std::string& text, const std::vector<Value>& args) {
    Engine engine(options_);
    const Module module = engine.load_string(kernel(text), "k.py");
    const Value out = module.call("f", args);
    last_ = outcome(engine);
    return out;
  }
  // The same twice: compiled, then loaded.
  void expect_same(const std::string& text, const std::vector<Value>& args) {
    const std::string first = repr(call(text, args));
    EXPECT_TRUE(last_.starts_with("miss: ")) << last_;
    EXPECT_EQ(repr(call(text, args)), first) << text;
    EXPECT_EQ(last_, "hit") << text;
  }

  fs::path root_;
  Options options_;
  std::string last_;
};

TEST_F(CacheTest, ResultsAreTheSame) {
  const auto ramp = [](int n) {
    Array a = Array::zeros(DType::Float64, {n});
    for (int i = 0; i < n; ++i) static_cast<double*>(a.data())[i] = 0.5 * i;
    return Value(a);
  };
  expect_same("@njit\ndef f(x):\n    return x * 2 + 1\n", {3});
  expect_same("@njit\ndef f(a):\n    return np.exp(a) + np.sin(a).sum()\n", {ramp(20)});
  expect_same("@njit\ndef f(a):\n    return a.sum(), a[::2], 'text', a.size > 3, None\n", {ramp(9)});
  expect_same("@njit\ndef f(n):\n    return n if n < 2 else f(n - 1) + f(n - 2)\n", {15});
  expect_same("@njit\ndef f(n):\n    if n > 1:\n        return 1.5\n", {1});
  expect_same("@njit(parallel=True)\ndef f(a):\n    return np.sqrt(a).sum()\n", {ramp(100)});
  expect_same("@njit\ndef f(a, axis):\n    return a.reshape(2, 3).sum(axis)\n", {ramp(6), 1});
  expect_same("@njit\ndef f(a, b):\n    return a @ b\n", {ramp(4), ramp(4)});
  expect_same("K = np.arange(4.0)\n@njit\ndef f(i):\n    return K[i] + len(K)\n", {2});
  expect_same("@njit\ndef g(x):\n    return x + 1\n@njit\ndef f(x):\n    return g(x)\n", {2.5});
  expect_same(
      "from numba import vectorize\n@vectorize\ndef g(x):\n    return x + 1\ndef f(a):\n    return 1\n"
      "@njit\ndef f(a):\n    return g(a)\n",
      {ramp(3)});
}

TEST_F(CacheTest, ErrorsHaveTheirPlaceAndLine) {
  const char* const text = "@njit(boundscheck=True)\ndef f(a, i):\n    x = i + 1\n    return a[x]\n";
  std::string first;
  for (int round = 0; round < 2; ++round) {
    const Error error = error_of([&] { call(text, {Array::zeros(DType::Int64, {3}), 7}); });
    EXPECT_EQ(error.kind(), ErrorKind::IndexError);
    EXPECT_EQ(error.place().line, 6u);
    EXPECT_EQ(error.place().source_line, "    return a[x]");
    if (round == 0) first = error.render(false);
    EXPECT_EQ(error.render(false), first);
  }
}

TEST_F(CacheTest, WarningsComeAgain) {
  std::vector<std::string> said;
  options_.warn = [&](const Finding& finding) { said.push_back(render(finding, false)); };
  const char* const text =
      "from numba import prange\n@njit(parallel=True)\ndef f(a):\n    for i in prange(1, a.size):\n"
      "        a[i] = a[i - 1] + 1\n    return a[-1]\n";
  expect_same(text, {Array::zeros(DType::Float64, {5})});
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0], said[1]);
  EXPECT_TRUE(contains(said[0], "[race]")) << said[0];
}

TEST_F(CacheTest, PrintsAndFunctionsOfTheHost) {
  static std::atomic<int> calls = 0;
  std::string printed;
  options_.write = [&](std::string_view text) { printed += text; };
  options_.functions = {host_function("host", "count", "int64(int64)", +[](int64_t x) { return x + ++calls; })};
  const char* const text = "from host import count\n@njit\ndef f(x):\n    print('x', x)\n    return count(x)\n";
  EXPECT_EQ(call(text, {10}).as_int(), 11);
  EXPECT_EQ(call(text, {10}).as_int(), 12);
  EXPECT_EQ(last_, "hit");
  EXPECT_EQ(printed, "x 10\nx 10\n");
  // The address may be any; the signature is part of what is compiled.
  options_.functions[0] = host_function("host", "count", "int64(int64)", +[](int64_t x) { return -x; });
  EXPECT_EQ(call(text, {10}).as_int(), -10);
  EXPECT_EQ(last_, "hit");
  options_.functions[0] = host_function("host", "count", "float64(float64)", +[](double x) { return x / 4; });
  EXPECT_EQ(call(text, {10}).as_double(), 2.5);
  EXPECT_TRUE(last_.starts_with("miss")) << last_;
}

// The version for arguments that overlap is compiled when it is first needed, from what was kept.
TEST_F(CacheTest, VersionsThatWerePutOff) {
  const char* const text = "@njit\ndef f(a, b):\n    for i in range(a.size):\n        a[i] = b[i] + 1\n";
  for (int round = 0; round < 2; ++round) {
    const int64_t shape[] = {5}, strides[] = {8};
    const Array base = Array::zeros(DType::Int64, {6});
    auto* data = static_cast<int64_t*>(base.data());
    const Array head = Array::wrap(data, DType::Int64, shape, strides, [base] { (void)base; });
    const Array tail = Array::wrap(data + 1, DType::Int64, shape, strides, [base] { (void)base; });
    call(text, {tail, head});
    EXPECT_EQ(data[5], 5) << "each element is read after the one before was written";
    EXPECT_EQ(last_, round == 0 ? "miss: there is no entry" : "hit");
  }
}

TEST_F(CacheTest, CodeOutlivesItsEngine) {
  const auto handle = [&] {
    Engine engine(options_);
    auto f = engine.load_string(kernel("@njit\ndef f(x):\n    return x * x\n"), "k.py").function<double(double)>("f");
    last_ = outcome(engine);
    return f;
  };
  handle();
  const auto f = handle();
  EXPECT_EQ(last_, "hit");
  EXPECT_EQ(f(3.0), 9.0);
}

TEST_F(CacheTest, FunctionsAsArguments) {
  const auto run = [&](const std::string& g) {
    Engine engine(options_);
    const Module module = engine.load_string(
        kernel("@njit\ndef g(x):\n    return " + g + "\n@njit\ndef f(h, x):\n    return h(x)\n"), "k.py");
    const int64_t out = module.call("f", {module.global("g"), 5}).as_int();
    last_ = outcome(engine);
    return out;
  };
  EXPECT_EQ(run("x + 1"), 6);
  EXPECT_EQ(run("x + 1"), 6);
  EXPECT_EQ(last_, "hit");
  EXPECT_EQ(run("x - 1"), 4);
  EXPECT_EQ(last_, "miss: the text of 'g' has changed");
}

// Whatever the result depends on.
TEST_F(CacheTest, ChangesAreMissesWithTheirReason) {
  const auto text = [](const std::string& head, const std::string& helper, const std::string& body) {
    return head + "\n@njit\ndef g(x):\n    return " + helper + "\n@njit\ndef f(x, y=" + "1" + "):\n    return " + body +
           "\n";
  };
  const std::string head = "K = 3\nA = np.array([1, 2])\n";
  EXPECT_EQ(call(text(head, "x + K", "g(x) + y + A[1]"), {1}).as_int(), 7);
  EXPECT_EQ(call(text(head, "x - K", "g(x) + y + A[1]"), {1}).as_int(), 1);
  EXPECT_EQ(last_, "miss: the text of 'g' has changed");
  EXPECT_EQ(call(text("K = 4\nA = np.array([1, 2])\n", "x + K", "g(x) + y + A[1]"), {1}).as_int(), 8);
  EXPECT_TRUE(contains(last_, "the value of 'K' has changed") || contains(last_, "the text of 'g' has changed"));
  EXPECT_EQ(call(text("K = 3\nA = np.array([1, 5])\n", "x + K", "g(x) + y + A[1]"), {1}).as_int(), 10);
  EXPECT_TRUE(last_.starts_with("miss: ")) << last_;
  EXPECT_EQ(call(text("K = 3.0\nA = np.array([1, 2])\n", "x + K", "g(x) + y + A[1]"), {1}).as_double(), 7.0);
  EXPECT_TRUE(last_.starts_with("miss: ")) << last_;
  EXPECT_EQ(call(text("\n" + head, "x + K", "g(x) + y + A[1]"), {1}).as_int(), 7);
  EXPECT_TRUE(last_.starts_with("miss: the place of")) << "messages name lines: " << last_;
  EXPECT_EQ(call(text(head, "x + K", "g(x) + y + A[1]"), {1}).as_int(), 7);
  EXPECT_EQ(last_, "hit") << "and what was kept first is still there";
  EXPECT_EQ(call(text(head, "x + K", "g(x) + y + A[1]"), {1, 2}).as_int(), 8);
  EXPECT_TRUE(last_.starts_with("miss: ")) << "another argument: " << last_;
}

// Words that name nothing outside: what a script's variables of these names hold is nothing to the function.
TEST_F(CacheTest, OwnVariablesAndCommentsDoNotCount) {
  const auto text = [](const std::string& value) {
    return "x = s = note = word = " + value +
           "\n@njit\ndef f(x):\n    'The word.'\n    s = 0\n    for i in range(x):  # a note, on i\n        s += i\n"
           "    return s\ni = " +
           value + "\n";
  };
  EXPECT_EQ(call(text("1"), {4}).as_int(), 6);
  EXPECT_EQ(call(text("np.ones(2)"), {4}).as_int(), 6);
  EXPECT_EQ(last_, "hit");
  const auto named = [](const std::string& value) {
    return "k = " + value + "\n@njit\ndef f(x):\n    s = '#'  # of k\n    return x + k if s == '#' else 0\n";
  };
  EXPECT_EQ(call(named("1"), {4}).as_int(), 5);
  EXPECT_EQ(call(named("2"), {4}).as_int(), 6);
  EXPECT_EQ(last_, "miss: the value of 'k' has changed");
}

TEST_F(CacheTest, OtherFilesCount) {
  std::string constant = "1";
  options_.resolve_module = [&](std::string_view name, std::string_view) -> std::optional<ModuleText> {
    if (name == "lib")
      return ModuleText{"lib.py", kernel("C = " + constant + "\n@njit\ndef g(x):\n    return x + C\n")};
    return std::nullopt;
  };
  const char* const text = "import lib\nfrom lib import g\n@njit\ndef f(x):\n    return g(x) + lib.C\n";
  EXPECT_EQ(call(text, {10}).as_int(), 12);
  EXPECT_EQ(call(text, {10}).as_int(), 12);
  EXPECT_EQ(last_, "hit");
  constant = "2";
  EXPECT_EQ(call(text, {10}).as_int(), 14);
  EXPECT_EQ(last_, "miss: the value of 'lib.C' has changed");
}

TEST_F(CacheTest, ClosuresAndDecoratorsCount) {
  const auto made = [](const std::string& k, const std::string& said) {
    return "def make(k):\n    @njit" + said + "\n    def inner(x):\n        return x / k\n    return inner\nf = make(" +
           k + ")\n";
  };
  EXPECT_EQ(call(made("2", ""), {3}).as_double(), 1.5);
  EXPECT_EQ(call(made("4", ""), {3}).as_double(), 0.75);
  EXPECT_EQ(outcome(Engine(options_)), "");
  EXPECT_THROW(call(made("0", ""), {3}), Error);
  EXPECT_TRUE(std::isinf(call(made("0", "(error_model='numpy')"), {3}).as_double()));
  EXPECT_EQ(call(made("2", ""), {3}).as_double(), 1.5);
}

TEST_F(CacheTest, OptionsCount) {
  const char* const text = "@njit\ndef f(a, i):\n    return a[i]\n";
  const Array array = Array::zeros(DType::Int64, {300});
  call(text, {array, 3});
  options_.boundscheck = true;
  EXPECT_EQ(error_of([&] { call(text, {array, 300}); }).kind(), ErrorKind::IndexError);
  EXPECT_EQ(call(text, {array, 3}).as_int(), 0);
  EXPECT_EQ(last_, "hit");
  options_.cpu = "x86-64";
  call(text, {array, 3});
  EXPECT_EQ(last_, "miss: the processor is another one");
  options_.features = "+avx";
  call(text, {array, 3});
  EXPECT_EQ(last_, "miss: the processor is another one");
  options_.opt_level = 1;
  call(text, {array, 3});
  EXPECT_TRUE(last_.starts_with("miss: ")) << last_;
}

TEST_F(CacheTest, OnlyWhatIsMarkedWhereThatIsAskedFor) {
  const std::string text = "@njit\ndef g(x):\n    return x\n@njit(cache=True)\ndef f(x):\n    return x\n";
  const auto run = [&](Caching caching) {
    options_.caching = caching;
    Engine engine(options_);
    const Module module = engine.load_string(kernel(text), "k.py");
    module.call("f", {1}), module.call("g", {1});
    return outcome(engine, "f") + "/" + outcome(engine, "g");
  };
  EXPECT_EQ(run(Caching::Off), "/");
  EXPECT_FALSE(fs::exists(options_.cache_directory));
  EXPECT_EQ(run(Caching::Marked), "miss: there is no entry/");
  EXPECT_EQ(run(Caching::Marked), "hit/");
  EXPECT_EQ(run(Caching::All), "hit/miss: there is no entry");
  options_.cache_directory.clear();
  EXPECT_EQ(run(Caching::Marked), "unused: there is no directory for it/");
}

TEST_F(CacheTest, DamageAndRefusedDirectoriesAreVisible) {
  const char* const text = "@njit\ndef f(x):\n    return x + 1\n";
  call(text, {1});
  const fs::path directory = options_.cache_directory;
  const fs::path file = fs::directory_iterator(directory)->path();
  fs::resize_file(file, fs::file_size(file) - 1);
  EXPECT_EQ(call(text, {1}).as_int(), 2);
  EXPECT_EQ(last_, "miss: the entry is damaged");
  EXPECT_EQ(call(text, {1}).as_int(), 2);
  EXPECT_EQ(last_, "hit");
  fs::permissions(directory, fs::perms::all);
  EXPECT_EQ(call(text, {1}).as_int(), 2);
  EXPECT_TRUE(last_.starts_with("unused: others may write to ")) << last_;
  fs::permissions(directory, fs::perms::owner_all);
  options_.debug_info = true;
  EXPECT_EQ(call(text, {1}).as_int(), 2);
  EXPECT_EQ(last_, "unused: debug info is wanted");
}

TEST_F(CacheTest, EveryByteOfAnEntryMayBeWrong) {
  const char* const text = "@njit\ndef f(x):\n    return x + 1\n";
  call(text, {1});
  const fs::path file = fs::directory_iterator(options_.cache_directory)->path();
  std::string good;
  {
    std::ifstream in(file, std::ios::binary);
    good.assign(std::istreambuf_iterator<char>(in), {});
  }
  for (size_t i = 0; i < good.size(); i += good.size() / 12) {
    std::string bad = good;
    bad[i] = static_cast<char>(~bad[i]);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bad;
    EXPECT_EQ(call(text, {1}).as_int(), 2);
    EXPECT_EQ(last_, "miss: the entry is damaged") << "byte " << i;
  }
}

TEST_F(CacheTest, EnginesOnManyThreadsShareADirectory) {
  std::vector<std::jthread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int k = 0; k < 3; ++k) {
        Engine engine(options_);
        const std::string number = std::to_string(k);
        const Module m = engine.load_string(kernel("@njit\ndef f(x):\n    return x + " + number + "\n"), "k.py");
        EXPECT_EQ(m.call("f", {1}).as_int(), 1 + k);
      }
    });
  }
  threads.clear();
  EXPECT_EQ(cache::summary(options_.cache_directory).entries, 3);
}

}  // namespace
}  // namespace kjit::test
