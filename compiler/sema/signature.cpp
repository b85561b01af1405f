// Signatures, written as strings ("f8(f8[:,::1], i8)") or as objects (float64(float64[:], int64)). Both are expressions
// of Python's syntax, so both are read from the tree.
#include "sema/signature.h"

#include <array>

#include "parse/parser.h"
#include "sema/builtins.h"
#include "sema/promotion.h"

namespace kjit::sema {

using ast::Expr;
using ast::ExprKind;
using source::Diag;

namespace {

// The last part of a dotted name: types.float64 -> float64.
std::string_view last_name(const Expr& e) {
  if (e.kind == ExprKind::Name) return ast::as<ast::Name>(e).name;
  if (e.kind == ExprKind::Attribute) return ast::as<ast::Attribute>(e).attr;
  return {};
}

class Reader {
 public:
  Reader(TypeContext& types, const Globals* globals, std::string& error)
      : types_(types), globals_(globals), error_(error) {}

  TypeRef type(const Expr& e) {
    switch (e.kind) {
      case ExprKind::Name:
      case ExprKind::Attribute:
        return named(e);
      case ExprKind::Constant:
        if (ast::as<ast::Constant>(e).value == ast::ConstantKind::None) return types_.none();
        break;
      case ExprKind::Subscript:
        return array(ast::as<ast::Subscript>(e));
      case ExprKind::Call:
        return constructed(ast::as<ast::Call>(e));
      case ExprKind::Tuple: {
        std::vector<TypeRef> elements;
        return list(ast::as<ast::Tuple>(e).elements, elements) ? types_.tuple(elements) : nullptr;
      }
      default:
        break;
    }
    return fail("this is no type");
  }

  bool list(ast::Exprs items, std::vector<TypeRef>& out) {
    for (auto* item : items) {
      TypeRef t = type(*item);
      if (!t) return false;
      out.push_back(t);
    }
    return true;
  }

  bool signature(const Expr& e, FunctionOptions::Signature& out) {
    if (e.kind == ExprKind::Call) {
      auto& c = ast::as<ast::Call>(e);
      auto n = last_name(*c.func);
      if (n != "Tuple" && n != "UniTuple" && n != "Array" && n != "optional" && n != "Optional") {
        out.result = type(*c.func);
        return out.result && list(c.args, out.params);
      }
    }
    if (e.kind == ExprKind::Tuple) return list(ast::as<ast::Tuple>(e).elements, out.params);
    TypeRef only = type(e);
    if (only) out.params.push_back(only);
    return only != nullptr;
  }

 private:
  TypeRef fail(std::string text) {
    if (error_.empty()) error_ = std::move(text);
    return nullptr;
  }

  TypeRef named(const Expr& e) {
    std::string_view n = last_name(e);
    if (e.kind == ExprKind::Name && globals_) {
      if (auto value = globals_->lookup(n); value && value->type && value->type->kind == TypeKind::DType)
        return types_.scalar(value->type->scalar);
    }
    if (n == "void" || n == "none") return types_.none();
    if (n == "pyint") return types_.py_int();
    if (n == "pyfloat") return types_.py_float();
    if (n == "pycomplex") return types_.py_complex();
    Scalar s;
    if (parse_scalar(n, s)) return types_.scalar(s);
    return fail(fmt::format("'{}' is not a type", n));
  }

  static bool is_plain(const Expr& e) {
    auto& s = ast::as<ast::Slice>(e);
    return !s.lower && !s.upper && !s.step;
  }
  static bool is_contiguous(const Expr& e) {
    auto& s = ast::as<ast::Slice>(e);
    return !s.lower && !s.upper && s.step && s.step->kind == ExprKind::Constant &&
           ast::as<ast::Constant>(*s.step).value == ast::ConstantKind::Int &&
           ast::as<ast::Constant>(*s.step).integer == 1;
  }

  TypeRef array(const ast::Subscript& e) {
    TypeRef element = type(*e.value);
    if (!element) return nullptr;
    if (!element->is_scalar()) return fail(fmt::format("an array of {} is not a type", to_string(element)));
    std::vector<const Expr*> axes;
    if (e.index->kind == ExprKind::Tuple)
      axes.assign(ast::as<ast::Tuple>(*e.index).elements.begin(), ast::as<ast::Tuple>(*e.index).elements.end());
    else
      axes.push_back(e.index);
    Layout layout = Layout::A;
    for (size_t i = 0; i < axes.size(); ++i) {
      if (axes[i]->kind == ExprKind::Constant && ast::as<ast::Constant>(*axes[i]).value == ast::ConstantKind::Ellipsis)
        continue;
      if (axes[i]->kind != ExprKind::Slice) return fail("the axes of an array are written ':' or '::1'");
      if (is_plain(*axes[i])) continue;
      if (!is_contiguous(*axes[i])) return fail("the axes of an array are written ':' or '::1'");
      if (i + 1 == axes.size())
        layout = Layout::C;
      else if (i == 0)
        layout = Layout::F;
      else
        return fail("'::1' stands for the first or the last axis");
    }
    return types_.array(element->scalar, static_cast<int>(axes.size()), layout);
  }

  TypeRef constructed(const ast::Call& e) {
    std::string_view n = last_name(*e.func);
    auto integer = [](const Expr& x) {
      return x.kind == ExprKind::Constant && ast::as<ast::Constant>(x).value == ast::ConstantKind::Int
                 ? static_cast<int64_t>(ast::as<ast::Constant>(x).integer)
                 : -1;
    };
    if (n == "Tuple" && e.args.size() == 1) {
      std::vector<TypeRef> elements;
      auto& a = *e.args[0];
      if (a.kind == ExprKind::Tuple)
        return list(ast::as<ast::Tuple>(a).elements, elements) ? types_.tuple(elements) : nullptr;
      if (a.kind == ExprKind::List)
        return list(ast::as<ast::ListExpr>(a).elements, elements) ? types_.tuple(elements) : nullptr;
    }
    if (n == "UniTuple" && e.args.size() == 2) {
      TypeRef element = type(*e.args[0]);
      int64_t count = integer(*e.args[1]);
      if (element && count >= 0 && count <= 256) return types_.homogeneous(element, static_cast<int>(count));
    }
    if ((n == "optional" || n == "Optional") && e.args.size() == 1) {
      TypeRef value = type(*e.args[0]);
      return value ? types_.optional(value) : nullptr;
    }
    if (n == "Array" && e.args.size() >= 3) {
      TypeRef element = type(*e.args[0]);
      int64_t rank = integer(*e.args[1]);
      auto& l = *e.args[2];
      if (element && element->is_scalar() && rank >= 0 && rank < 32 && l.kind == ExprKind::Constant) {
        auto text = ast::as<ast::Constant>(l).text;
        bool readonly = false;
        for (auto& k : e.keywords)
          if (k.name == "readonly" && k.value->kind == ExprKind::Constant)
            readonly = ast::as<ast::Constant>(*k.value).value == ast::ConstantKind::True;
        Layout layout = text == "C" ? Layout::C : text == "F" ? Layout::F : Layout::A;
        return types_.array(element->scalar, static_cast<int>(rank), layout, readonly);
      }
    }
    return fail(fmt::format("'{}(...)' is not a type", n));
  }

  TypeContext& types_;
  const Globals* globals_;
  std::string& error_;
};

}  // namespace

bool read_signature(TypeContext& types, const Expr& e, const Globals* globals, std::string& error,
                    FunctionOptions::Signature& out) {
  return Reader(types, globals, error).signature(e, out);
}

TypeRef read_type(TypeContext& types, const Expr& e, const Globals* globals, std::string& error) {
  return Reader(types, globals, error).type(e);
}

bool parse_signature(TypeContext& types, std::string_view text, source::Location where, FunctionOptions::Signature& out,
                     source::Diagnostics& diagnostics) {
  auto bad = [&](const std::string& why) {
    diagnostics.report(Diag::bad_signature, where, fmt::format("signature \"{}\": {}", text, why));
    return false;
  };
  if (text.find_first_not_of(" \t\n") == std::string_view::npos || text == "()") return true;
  source::Diagnostics inner;
  auto file = std::make_shared<const source::SourceFile>("<signature>", std::string(text) + "\n");
  auto tree = parse::parse(file, inner);
  if (!tree || tree->body().size() != 1 || tree->body()[0]->kind != ast::StmtKind::ExprStmt)
    return bad("not a list of types");
  std::string error;
  if (!read_signature(types, *ast::as<ast::ExprStmt>(*tree->body()[0]).value, nullptr, error, out)) return bad(error);
  return true;
}

const FunctionOptions::Signature* choose_signature(const FunctionOptions& options,
                                                   const std::vector<TypeRef>& arguments) {
  using Rating = std::array<size_t, static_cast<size_t>(Conversion::None) + 1>;  // how many conversions, worst first
  const FunctionOptions::Signature* best = nullptr;
  Rating best_rating{};
  for (auto& signature : options.signatures) {
    if (signature.params.size() != arguments.size()) continue;
    Rating rating{};
    for (size_t i = 0; i < arguments.size(); ++i)
      ++rating[rating.size() - 1 - static_cast<size_t>(conversion(arguments[i], signature.params[i]))];
    if (rating[0] != 0) continue;  // one that does not convert
    rating.back() = 0;             // exact ones cost nothing
    if (!best || rating < best_rating) best = &signature, best_rating = rating;
  }
  return best;
}

}  // namespace kjit::sema
