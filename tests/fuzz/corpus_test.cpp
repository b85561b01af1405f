// What the fuzzer has found, and every kernel file of the repository, goes through in every build.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "fuzz/kernel_input.h"
#include "support/paths.h"

namespace kjit::fuzz {

namespace {

namespace fs = std::filesystem;

void run_folder(const fs::path& folder, const std::string& extension) {
  size_t count = 0;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file() || (!extension.empty() && entry.path().extension() != extension)) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    SCOPED_TRACE(entry.path().string());
    EXPECT_NO_THROW(run_kernel_text(text.str())) << entry.path();
    ++count;
  }
  EXPECT_GT(count, 0u);
}

}  // namespace

TEST(FuzzCorpus, FoundInputs) { run_folder(test::source_dir() + "/tests/fuzz/corpus", ""); }

TEST(FuzzCorpus, KernelFiles) { run_folder(test::source_dir() + "/tests/lang", ".py"); }

}  // namespace kjit::fuzz
