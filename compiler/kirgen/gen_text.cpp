// Text that kernels make: print, exceptions, f-strings.
#include <kjit_rt/abi.h>

#include "kirgen/exceptions.h"
#include "kirgen/function_gen.h"

namespace kjit::kirgen {

using sema::TypeKind;

// --- print

void FunctionGen::print(const ast::Call& e) {
  std::string separator = " ";
  std::string end = "\n";
  for (const ast::Keyword& k : e.keywords) {
    const sema::Constant* c = f_.constant_of(k.value);
    const bool none = c && c->type->is_none();
    if ((k.name != "sep" && k.name != "end") || !c || (!none && c->type->kind != TypeKind::String)) {
      unsupported(k.span, "this argument of print in a kernel");
      continue;
    }
    if (!none) (k.name == "sep" ? separator : end) = c->type->text;
  }
  Pieces pieces(*this);
  bool any = false;
  auto separate = [&] {
    if (any) pieces.add(separator);
    any = true;
  };
  for (const ast::Expr* arg : e.args) {
    if (arg->kind != ast::ExprKind::Starred) {
      separate();
      add_text(pieces, arg, false);
      continue;
    }
    pieces.operands.add([&] { return b_.reuse(value(ast::as<ast::Starred>(*arg).value)); });
    ExprRef tuple = pieces.operands.values.back();
    TypeRef type = f_.type_of(ast::as<ast::Starred>(*arg).value);
    if (type->is_optional()) type = type->elements[0];
    pieces.operands.values.pop_back();
    for (uint32_t k = 0; k < tuple->type->elements.size(); ++k) {
      separate();
      pieces.operands.values.push_back(b_.get(tuple, k));
      pieces.texts.emplace_back();
      pieces.types.push_back(type->elements[k]);
    }
  }
  pieces.add(end);
  print_pieces(pieces);
}

void FunctionGen::print_pieces(const Pieces& pieces) {
  std::vector<kir::PrintItem> items;
  for (size_t i = 0; i < pieces.texts.size(); ++i) {
    if (ExprRef v = pieces.operands.values[i]) {
      print_value(items, v, pieces.types[i], false);
    } else {
      items.push_back({nullptr, pieces.texts[i]});
    }
  }
  flush_print(items);
}

namespace {
// In the quotes that repr() takes.
std::string quoted_text(const std::string& text) {
  const bool apostrophe = text.find('\'') != std::string::npos && text.find('"') == std::string::npos;
  const char* quote = apostrophe ? "\"" : "'";
  return quote + text + quote;
}

// As str() and repr() show x.dtype and np.float64.
std::string dtype_text(TypeRef type, bool repr) {
  std::string name(name_of(type->scalar));
  if (type->weak) return repr ? "dtype('" + name + "')" : name;
  return "<class 'numpy." + name + "'>";
}
}  // namespace

// Adds what the text of `e` is made of. `repr`: strings in quotes, as inside of a tuple.
void FunctionGen::add_text(Pieces& out, const ast::Expr* e, bool repr) {
  if (e->kind == ast::ExprKind::JoinedStr) {
    if (repr) out.add("'");
    for (const ast::FormatPart& part : ast::as<ast::JoinedStr>(*e).parts) {
      out.add(std::string(part.value ? part.debug_text : part.text));
      const bool quoted =
          part.conversion == 'r' || part.conversion == 'a' || (!part.debug_text.empty() && part.conversion == 0);
      if (!part.value) continue;
      add_text(out, part.value, quoted);
      // format() turns NumPy's numbers into Python's first; str() does not.
      ExprRef& v = out.operands.values.back();
      if (v && part.conversion == 0 && v->type == types_.scalar(Scalar::F32)) v = b_.cast(v, types_.float64());
      if (v && part.conversion == 0 && v->type == types_.scalar(Scalar::C64))
        v = b_.cast(v, types_.scalar(Scalar::C128));
    }
    if (repr) out.add("'");
    return;
  }
  TypeRef type = f_.type_of(e);
  if (type && type->kind == TypeKind::String) return out.add(repr ? quoted_text(type->text) : type->text);
  if (type && type->kind == TypeKind::DType) return out.add(dtype_text(type, repr));
  if (const sema::Constant* c = f_.constant_of(e); c && c->is_int() && type == types_.py_int())
    return out.add(std::to_string(c->as_int()));
  out.operands.add([&] { return expr(e); });
  out.texts.emplace_back();
  out.types.push_back(type);
}

void FunctionGen::flush_print(std::vector<kir::PrintItem>& items) {
  std::vector<kir::PrintItem> merged;
  for (kir::PrintItem& item : items) {
    if (!item.value && !merged.empty() && !merged.back().value) {
      merged.back().text += item.text;
    } else {
      merged.push_back(std::move(item));
    }
  }
  items.clear();
  if (!merged.empty()) b_.stmt(kir::StmtKind::Print)->items = std::move(merged);
}

void FunctionGen::print_value(std::vector<kir::PrintItem>& items, ExprRef value, TypeRef type, bool inside_tuple) {
  switch (type->kind) {
    case TypeKind::String:
      items.push_back({nullptr, inside_tuple ? quoted_text(type->text) : type->text});
      break;
    case TypeKind::DType:
      items.push_back({nullptr, dtype_text(type, inside_tuple)});
      break;
    case TypeKind::None:
      items.push_back({nullptr, "None"});
      break;
    case TypeKind::Tuple: {
      if (value->op != Op::MakeTuple) value = b_.reuse(value);
      items.push_back({nullptr, "("});
      for (uint32_t k = 0; k < type->elements.size(); ++k) {
        if (k > 0) items.push_back({nullptr, ", "});
        print_value(items, b_.get(value, k), type->elements[k], true);
      }
      items.push_back({nullptr, type->elements.size() == 1 ? ",)" : ")"});
      break;
    }
    case TypeKind::Optional: {
      value = b_.reuse(value);
      flush_print(items);
      kir::Stmt* s = b_.stmt(kir::StmtKind::If);
      s->expr = b_.node(Op::HasValue, types_.boolean(), {value});
      b_.with_block(s->body, [&] {
        std::vector<kir::PrintItem> inner;
        ExprRef inside = b_.node(Op::Unwrap, value->type->elements[0], {value});
        print_value(inner, inside, type->elements[0], inside_tuple);
        flush_print(inner);
      });
      b_.with_block(s->orelse, [&] { b_.stmt(kir::StmtKind::Print)->items.push_back({nullptr, "None"}); });
      break;
    }
    case TypeKind::Array:
      if (inside_tuple) {
        unsupported(b_.span, "printing an array inside a tuple");
        break;
      }
      [[fallthrough]];
    default:
      items.push_back({value, ""});
  }
}

// --- exceptions

namespace {
std::string_view class_name(const ast::Expr* e) {
  if (e->kind == ast::ExprKind::Call) e = ast::as<ast::Call>(*e).func;
  if (e->kind == ast::ExprKind::Attribute) return ast::as<ast::Attribute>(*e).attr;
  return e->kind == ast::ExprKind::Name ? ast::as<ast::Name>(*e).name : std::string_view();
}
}  // namespace

bool FunctionGen::Pieces::constant(std::string& text) const {
  text.clear();
  for (size_t i = 0; i < texts.size(); ++i) {
    if (operands.values[i]) return false;
    text += texts[i];
  }
  return true;
}

void FunctionGen::raise_pieces(int32_t status, const Pieces& pieces) {
  std::string text;
  if (pieces.constant(text)) return b_.raise(status, std::move(text));
  b_.stmt(kir::StmtKind::Message);
  print_pieces(pieces);
  b_.raise(status, "");
  b_.block->back()->printed = true;
}

void FunctionGen::raise_statement(const ast::Raise& s) {
  if (!s.exception) {
    unsupported(s.span, "'raise' without an exception");
    return;
  }
  const int32_t status = exception_status(class_name(s.exception));
  if (status == 0) {
    unsupported(s.exception->span, "raising this in a kernel");
    return;
  }
  Pieces pieces(*this);
  if (s.exception->kind == ast::ExprKind::Call) {
    const auto& call = ast::as<ast::Call>(*s.exception);
    if (!call.keywords.empty()) unsupported(s.exception->span, "an exception with keyword arguments");
    // As str() shows an exception: of several arguments the tuple; a KeyError shows its key as repr() does.
    const bool tuple = call.args.size() > 1, repr = tuple || status == KJIT_KEY_ERROR;
    if (tuple) pieces.add("(");
    for (size_t i = 0; i < call.args.size(); ++i) {
      if (i > 0) pieces.add(", ");
      add_text(pieces, call.args[i], repr);
    }
    if (tuple) pieces.add(")");
  }
  raise_pieces(status, pieces);
}

void FunctionGen::assert_statement(const ast::Assert& s) {
  Block failing;
  std::string text;
  bool constant = true;
  b_.with_block(failing, [&] {
    const SpanScope scope(b_, s.test->span);
    Pieces pieces(*this);
    if (s.message) add_text(pieces, s.message, false);
    constant = pieces.constant(text);
    if (!constant) raise_pieces(KJIT_ASSERTION_ERROR, pieces);
  });
  ExprRef cond = test(s.test);
  const SpanScope scope(b_, s.test->span);
  if (constant) return b_.check(cond, KJIT_ASSERTION_ERROR, std::move(text));
  kir::Stmt* branch = b_.stmt(kir::StmtKind::If);
  branch->expr = b_.unary(Op::Not, cond);
  branch->body = std::move(failing);
}

}  // namespace kjit::kirgen
