// The tree is CPython's: every Python file of the repository and of the standard library is dumped by both and
// compared. None of them needs more than the fast stage of prediction.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "parse/parse_helpers.h"
#include "parse/prediction.h"
#include "support/paths.h"
#include "support/skip.h"

namespace kjit::parse_tests {

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool python_available() {
  return std::system("python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null") == 0;
}

std::vector<fs::path> python_files(const fs::path& folder) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (auto it = fs::recursive_directory_iterator(folder); it != fs::recursive_directory_iterator(); ++it) {
    const std::string name = it->path().filename();
    if (it->is_directory() && (name == "build" || name.starts_with("."))) it.disable_recursion_pending();
    if (it->is_regular_file() && it->path().extension() == ".py") files.push_back(it->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// CPython's dumps, in the order of the files.
std::vector<std::string> python_dumps(const std::vector<fs::path>& files, const fs::path& folder) {
  fs::create_directories(folder);
  std::string command = fmt::format("python3 {}/tests/parse/python_ast.py {}", test::source_dir(), folder.string());
  for (const fs::path& file : files) command += fmt::format(" '{}'", file.string());
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::vector<std::string> dumps;
  for (size_t i = 0; i < files.size(); ++i) dumps.push_back(read(folder / fmt::format("{}.txt", i)));
  fs::remove_all(folder);
  return dumps;
}

std::string first_difference(const std::string& ours, const std::string& theirs) {
  std::istringstream a(ours), b(theirs);
  std::string left, right;
  for (int line = 1;; ++line) {
    const bool more_left = static_cast<bool>(std::getline(a, left)),
               more_right = static_cast<bool>(std::getline(b, right));
    if (!more_left) left = "(end)";
    if (!more_right) right = "(end)";
    if (left != right) return fmt::format("line {}\n  kjit:    {}\n  CPython: {}", line, left, right);
    if (!more_left) return "";
  }
}

// A kernel file that is there to be refused may break a limit that CPython does not have.
bool beyond_limits(const fs::path& file, const std::string& ours) {
  return file.filename().string().starts_with("fail_") && !ours.starts_with("Module");
}

void compare(const std::vector<fs::path>& files, const std::string& name) {
  const fs::path folder = fs::path(test::build_dir()) / fmt::format("python_ast_{}_{}", name, getpid());
  const std::vector<std::string> expected = python_dumps(files, folder);
  for (size_t i = 0; i < files.size(); ++i) {
    const source::SourceFile file(files[i].string(), read(files[i]));
    EXPECT_FALSE(parse::needs_full_prediction(file)) << files[i];
    const std::string ours = dump(std::string(file.text()));
    if (expected[i].starts_with("SyntaxError")) {
      EXPECT_FALSE(ours.starts_with("Module")) << files[i] << ": CPython says " << expected[i];
    } else if (ours != expected[i] && !beyond_limits(files[i], ours)) {
      ADD_FAILURE() << files[i] << ": " << (ours.starts_with("Module") ? first_difference(ours, expected[i]) : ours);
    }
  }
}

}  // namespace

TEST(PythonComparison, FilesOfTheRepository) {
  if (!python_available()) {
    KJIT_SKIP("needs python3 3.11");
  }
  std::vector<fs::path> files = python_files(test::source_dir());
  ASSERT_FALSE(files.empty());
  compare(files, "repository");
}

TEST(PythonComparison, StandardLibrary) {
  if (!python_available()) {
    KJIT_SKIP("needs python3 3.11");
  }
  std::vector<fs::path> files;
  for (const fs::path& file : python_files("/usr/lib/python3.11")) {
    if (file.parent_path() == "/usr/lib/python3.11") files.push_back(file);
  }
  if (files.empty()) {
    KJIT_SKIP("needs the sources of Python's standard library");
  }
  compare(files, "library");
}

}  // namespace kjit::parse_tests
