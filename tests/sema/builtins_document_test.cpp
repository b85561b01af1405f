// lang-spec/builtins.md is made from the table of built-ins. KJIT_REWRITE=1 in the environment writes it anew.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "sema/library.h"
#include "support/paths.h"

namespace kjit::sema {
namespace {

struct Section {
  const char* prefix;   // of the canonical name
  const char* written;  // how kernels write it
  const char* title;
};
constexpr Section kSections[] = {
    {"builtins.", "", "Python"},
    {"scalar.", "number.", "Methods of numbers"},
    {"math.", "math.", "math"},
    {"cmath.", "cmath.", "cmath"},
    {"numpy.", "np.", "NumPy"},
    {"array.", "array.", "Methods of arrays"},
    {"generator.", "rng.", "Methods of generators (`rng = np.random.default_rng(7)`)"},
    {"ufunc.", "np.add.", "Methods of functions of two numbers (`np.add` for one)"},
    {"numba.", "numba.", "Numba"},
    {"kjit.", "kjit.", "kjit"},
};

// The parameters of a function of the library, as rows write them.
std::string library_parameters(const Builtin& row) {
  TypeContext types;
  Library library(types);
  std::string out;
  const ast::Parameters& parameters = library.function(row).def->parameters;
  const auto add = [&](std::string text) { out += (out.empty() ? "" : ", ") + std::move(text); };
  for (const ast::Parameter& p : parameters.positional) add(std::string(p.name) + (p.default_value ? "=" : ""));
  if (parameters.vararg) add("*" + std::string(parameters.vararg->name));
  for (const ast::Parameter& p : parameters.keyword_only) add(std::string(p.name) + "=");
  const std::string_view name = row.name;
  if (!name.starts_with("array.") && !name.starts_with("ufunc.") && !name.starts_with("generator.")) return out;
  return "self" + out.substr(std::min(out.find(','), out.size()));
}

// "x, y=, *rest" without what a method's receiver is: "(x, y=, *rest)".
std::string parameters_of(const Builtin& row) {
  if (is_grid(row)) return "[...]";
  if (is_device_index(row)) return "";
  const std::string parameters = row.library_file().empty() ? row.params : library_parameters(row);
  std::string_view text = parameters;
  if (text.starts_with("self")) text.remove_prefix(text.find(',') == text.npos ? text.size() : text.find(',') + 2);
  return fmt::format("({})", text);
}

std::string document() {
  std::string out =
      "# Built-in functions\n\n"
      "Made from the table in `compiler/sema/builtins.def`; a test compares, `KJIT_REWRITE=1` rewrites. In the lists "
      "of parameters\n"
      "`x=` may be left out and `*x` takes the rest. Results: functions of Python and of `math`, `cmath` give Python's "
      "own (weak)\n"
      "numbers; functions of NumPy give strong ones, integers keep their type, bools and integers become floats where "
      "the function\n"
      "is one of floats (up to 16 bits float32, else float64; NumPy has float16 for bool and 8-bit integers). "
      "Conversions are\n"
      "written `int() float() bool() complex()` or with the name of a dtype (`np.float32(x)`). NumPy's functions "
      "of\n"
      "numbers take whole arrays too (arrays.md, A7a).\n";
  for (const Section& section : kSections) {
    out += fmt::format("\n## {}\n\n| function | does |\n|---|---|\n", section.title);
    for (const std::string& name : builtin_names(section.prefix)) {
      const Builtin& row = *find_builtin(name);
      std::string shown = section.written + name.substr(std::string_view(section.prefix).size());
      std::string doc = row.doc;
      for (size_t at = doc.find('|'); at != doc.npos; at = doc.find('|', at + 2)) doc.insert(at, "\\");
      out += fmt::format("| `{}{}` | {} |\n", shown, parameters_of(row), doc);
    }
  }
  return out;
}

TEST(BuiltinsDocument, IsMadeFromTheTable) {
  const std::string path = std::string(test::source_dir()) + "/lang-spec/builtins.md";
  if (std::getenv("KJIT_REWRITE")) std::ofstream(path) << document();
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  EXPECT_EQ(text.str(), document()) << "KJIT_REWRITE=1 sema_tests --gtest_filter=BuiltinsDocument.* writes it anew";
}

TEST(BuiltinsDocument, HasASectionForEachRow) {
  size_t rows = builtin_names("library.").size();  // the library's own, which no kernel can name
  for (const Section& section : kSections) rows += builtin_names(section.prefix).size();
  EXPECT_EQ(rows, static_cast<size_t>(BuiltinId::kCount));
}

}  // namespace
}  // namespace kjit::sema
