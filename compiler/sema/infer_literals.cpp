// Literal parameters: an argument has to be a constant (the axis of a sum, the mode of a convolution), and it is a
// parameter. The function then has a version for each value, and its callers give constants in turn, up to the host,
// which has the values.
#include <algorithm>
#include <cctype>

#include "sema/inference.h"

namespace kjit::sema {

namespace {

// The names in a piece of text, which is an expression.
std::vector<std::string_view> identifiers(std::string_view text) {
  std::vector<std::string_view> out;
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (size_t i = 0; i < text.size();) {
    size_t end = i;
    while (end < text.size() && is_word(text[end])) ++end;
    if (end > i && std::isdigit(static_cast<unsigned char>(text[i])) == 0) out.push_back(text.substr(i, end - i));
    i = std::max(end, i + 1);
  }
  return out;
}

bool is_said_by_type(TypeRef t) { return t->is_none() || t->kind == TypeKind::String; }

}  // namespace

bool Specialization::literal_arguments(const ast::Call& e, const FunctionRef& ref,
                                       const std::vector<BoundArgument>& bounds,
                                       std::vector<std::optional<Constant>>& out) {
  const auto found = program_.literal_parameters.find(ref.def);
  if (found == program_.literal_parameters.end()) return true;
  for (const size_t k : found->second) {
    if (k >= bounds.size() || is_said_by_type(bounds[k].type)) continue;
    const BoundArgument& a = bounds[k];
    const Constant* c = a.kind == BoundArgument::Kind::Constant ? &a.constant
                        : a.kind == BoundArgument::Kind::Expr   ? constant(*a.expr)
                                                                : nullptr;
    if (!c) {
      const Span where = a.kind == BoundArgument::Kind::Expr ? a.expr->span : e.span;
      fail(Diag::not_constant, where, fmt::format("'{}' of {}()", all_parameters(*ref.def)[k]->name, ref.def->name));
      return false;
    }
    out.resize(bounds.size());
    out[k] = *c;
  }
  return true;
}

void Specialization::learn_literals(const source::Diagnostics& diagnostics, size_t first) {
  if (library_) return;
  const source::SourceFile& file = globals_.file();
  const int64_t head = file.line_column(def_.span.begin).line, end = file.line_column(def_.span.end).line;
  const auto parameters = all_parameters(def_);
  for (size_t i = first; i < diagnostics.all().size(); ++i) {
    const source::Diagnostic& d = diagnostics.all()[i];
    if (d.kind != Diag::not_constant || d.file != file.path() || d.line != d.end_line || d.line < head || d.line > end)
      continue;
    const std::string_view text(d.source_line);
    const size_t from = std::min<size_t>(d.column - 1, text.size());
    for (const std::string_view name : identifiers(text.substr(from, d.end_column - d.column))) {
      for (size_t k = 0; k < parameters.size(); ++k) {
        // What is no constant for any value is not learned: the caller would try for ever.
        if (parameters[k]->name != name || (k < typed->param_types.size() && typed->param_types[k]->is_array()))
          continue;
        if (program_.literal_parameters[&def_].insert(k).second) program_.learned = true;
      }
    }
  }
}

}  // namespace kjit::sema
