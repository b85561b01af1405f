// From text to kernel IR with every check that holds for any text.
#include "fuzz/kernel_input.h"

#include <stdexcept>

#include "kir/kir.h"
#include "kirgen/kirgen.h"
#include "parse/parser.h"
#include "passes/pipeline.h"
#include "support/kernel_text.h"

namespace kjit::fuzz {

namespace {

constexpr const char* kArgumentTypes[] = {"i8",      "f8[:,::1]", "f8",  "f8[::1]", "i8[:]",
                                          "f4[:,:]", "b1",        "c16", "f4",      "UniTuple(f8, 2)"};
constexpr size_t kVariants = 5;

void require(bool condition, const std::string& what) {
  if (!condition) throw std::logic_error(what);
}

void check_findings(const source::SourceFile& file, const std::vector<source::Diagnostic>& found) {
  source::render(found, /*color=*/true);
  for (const source::Diagnostic& diagnostic : found) {
    require(!diagnostic.message.empty(), "a finding without a message");
    require(diagnostic.line <= file.line_count(), "a finding behind the end of the text: " + diagnostic.message);
    check_findings(file, diagnostic.notes);
  }
}

void require_valid(const kir::Module& module, std::string_view after) {
  const std::vector<std::string> wrong = kir::verify(module);
  require(wrong.empty(), fmt::format("after {}: {}\n{}", after, wrong.empty() ? "" : wrong[0], kir::to_string(module)));
}

void compile(test::KernelText& kernels, const std::string& name, const std::vector<sema::TypeRef>& arguments) {
  kernels.diagnostics.take();
  try {
    const auto program = kernels.infer(name, arguments);
    check_findings(kernels.file(), kernels.diagnostics.all());
    require(program != nullptr || kernels.diagnostics.has_errors(),
            "inference refuses '" + name + "' without a finding");
    if (program == nullptr || kernels.diagnostics.has_errors()) return;
    const auto module = kirgen::generate(kernels.types, *program, {}, kernels.diagnostics);
    check_findings(kernels.file(), kernels.diagnostics.all());
    require(module != nullptr || kernels.diagnostics.has_errors(), "kirgen refuses '" + name + "' without a finding");
    if (module == nullptr || kernels.diagnostics.has_errors()) return;
    require_valid(*module, "kirgen");
    passes::run(kernels.types, *module, [&](std::string_view pass) { require_valid(*module, pass); });
  } catch (const source::CompileFailure& failure) {
    require(!failure.diagnostics().empty(), "a failure without a finding");
  }
}

}  // namespace

void run_kernel_text(const std::string& text) {
  auto file = std::make_shared<const source::SourceFile>("fuzz.py", text);
  source::Diagnostics ignored;
  parse::dump_tokens(file, ignored);
  test::KernelText kernels(text);
  check_findings(*file, kernels.diagnostics.all());
  require(kernels.tree() != nullptr || kernels.diagnostics.has_errors(), "the parser refuses without a finding");
  if (kernels.tree() == nullptr) return;
  parse::dump_ast(*kernels.tree());
  std::vector<sema::TypeRef> types;
  for (const char* spelled : kArgumentTypes) {
    const auto read = kernels.arguments(spelled);
    if (read.size() == 1) types.push_back(read[0]);
  }
  for (const auto& [name, function] : kernels.functions()) {
    const size_t count = function.def->parameters.positional.size();
    for (size_t variant = 0; variant < (count == 0 ? 1 : kVariants); ++variant) {
      std::vector<sema::TypeRef> arguments;
      for (size_t i = 0; i < count; ++i) arguments.push_back(types[(variant * (i + 1) + variant / 2) % types.size()]);
      compile(kernels, name, arguments);
    }
  }
}

}  // namespace kjit::fuzz
