// One function under generation: the walk over its syntax tree. Internal to kirgen; members by family in gen_*.cpp.
#pragma once

#include <functional>
#include <map>

#include "kirgen/builder.h"
#include "kirgen/kirgen.h"

namespace kjit::kirgen {

// What the functions of one module share.
struct ModuleGen {
  sema::TypeContext& types;
  const sema::TypedProgram& program;
  const Options& options;
  source::Diagnostics& diagnostics;
  kir::Module& module;
  std::map<const sema::TypedFunction*, uint32_t> index;
  std::map<const sema::ConstantArray*, uint32_t> arrays;
};

class FunctionGen {
 public:
  FunctionGen(ModuleGen& module, const sema::TypedFunction& typed, kir::Function& out);
  void run();

 private:
  // Evaluates operands in order. When a later one emits statements that write memory, the earlier ones that read memory
  // are spilled in front of them.
  class Operands {
   public:
    explicit Operands(FunctionGen& g) : g_(g) {}
    template <typename F>
    void add(F make) {
      const size_t mark = g_.b_.block->size();
      ExprRef value = make();
      keep_order(mark);
      values.push_back(value);
    }
    std::vector<ExprRef> values;

   private:
    void keep_order(size_t mark);
    FunctionGen& g_;
  };
  // Emits with `span` as the place of what is made.
  class SpanScope {
   public:
    SpanScope(Builder& b, Span span) : b_(b), before_(b.span) { b.span = span; }
    ~SpanScope() { b_.span = before_; }
    SpanScope(const SpanScope&) = delete;
    SpanScope& operator=(const SpanScope&) = delete;

   private:
    Builder& b_;
    Span before_;
  };

  // --- set-up (gen_function.cpp)
  void declare_variables();
  void declare_params();
  void finish_body();
  void define(uint32_t variable, ExprRef value);
  ExprRef read(uint32_t variable);

  // --- expressions (gen_expr.cpp). The type of the result is the machine type of the expression's.
  ExprRef expr(const ast::Expr* e);
  ExprRef value(const ast::Expr* e) { return b_.unwrap(expr(e)); }  // never an optional
  // An operand of an operator: never an optional, and a number where the array has no dimensions.
  ExprRef operand(const ast::Expr* e) { return number(value(e)); }
  ExprRef number(ExprRef value) {
    return value->type->is_array() && value->type->rank == 0 ? b_.load(value, {}) : value;
  }
  TypeRef operand_type(const ast::Expr* e) { return operand_type(f_.type_of(e)); }
  TypeRef operand_type(TypeRef type);
  ExprRef test(const ast::Expr* e);  // bool: the truth of e
  ExprRef truth(ExprRef value);
  ExprRef constant(const sema::Constant& c);
  ExprRef name(const ast::Name& e);
  ExprRef bool_op(const ast::BoolOp& e);
  ExprRef bool_chain(const ast::BoolOp& e, std::span<const ast::Expr* const> values);
  ExprRef bool_test(const ast::BoolOp& e, std::span<const ast::Expr* const> values);
  std::vector<const ast::Expr*> bool_operands(const ast::BoolOp& e);
  ExprRef if_exp(const ast::IfExp& e);
  ExprRef tuple_display(ast::Exprs elements);
  ExprRef attribute(const ast::Attribute& e);
  ExprRef is_contiguous(ExprRef array, bool by_columns);
  ExprRef flag(const ast::Attribute& e, ExprRef array);
  ExprRef lambda(const ast::Lambda& e);
  // A closure: the captured variables, then the defaults that are evaluated here.
  ExprRef closure(const ast::FunctionDef& def, const std::vector<uint32_t>& captures);
  // Of `cond` when `when`: what `make` makes, else `other`. Stays an expression when `make` emits no statement.
  template <typename F, typename G>
  ExprRef choose(ExprRef cond, TypeRef type, F make, G make_other);
  template <typename F>
  ExprRef short_circuit(Op op, ExprRef left, F make_right);

  // --- operators (gen_ops.cpp)
  ExprRef unary_op(const ast::UnaryOp& e);
  ExprRef bin_op(const ast::BinOp& e);
  // `lt` and `rt`: the operands' types with weakness. `elementwise`: on array elements, where nothing raises.
  ExprRef arithmetic(ast::BinaryOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt, bool elementwise = false);
  ExprRef divide(ast::BinaryOp op, ExprRef l, ExprRef r, bool integers, bool allow_zero);
  ExprRef power(ExprRef l, ExprRef r);

  // --- comparisons (gen_compare.cpp)
  ExprRef compare_op(const ast::Compare& e);
  ExprRef compare_chain(const ast::Compare& e, size_t i, ExprRef left);
  ExprRef compare(ast::CompareOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt);
  ExprRef compare_scalars(ast::CompareOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt);
  ExprRef compare_tuples(ast::CompareOp op, ExprRef l, TypeRef lt, ExprRef r, TypeRef rt);
  ExprRef equal_optional(ExprRef l, TypeRef lt, ExprRef r, TypeRef rt);
  ExprRef repeat_tuple(const ast::BinOp& e);
  ExprRef contains_element(ExprRef item, TypeRef item_type, ExprRef array);
  ExprRef contains(ExprRef item, TypeRef item_type, ExprRef container, TypeRef type);

  // --- subscripts (gen_index.cpp)
  struct Index {
    std::vector<kir::Component> components;
    std::vector<ExprRef> operands;
    uint32_t wrap = 0;
    bool element = true;  // every axis has an index
    int rank = 0;         // of the view
  };
  ExprRef subscript(const ast::Subscript& e);
  ExprRef tuple_subscript(const ast::Subscript& e, ExprRef tuple);
  ExprRef range_subscript(const ast::Subscript& e, ExprRef range);
  ExprRef array_base(const ast::Expr* e);
  Index array_index(ExprRef array, const ast::Expr* index);
  void add_index(Index& out, ExprRef array, uint32_t axis, ExprRef position);
  void add_slice(Index& out, ExprRef array, uint32_t axis, const ast::Slice& slice);
  ExprRef slice_bound(const ast::Expr* e);  // null: absent or None
  ExprRef whole_number(ExprRef position);   // cast to int64
  ExprRef index_view(ExprRef array, const Index& index, TypeRef type = nullptr);

  // --- arrays as indices (gen_fancy.cpp)
  struct Fancy {
    ExprRef array = nullptr;     // slices and new axes done
    std::vector<ExprRef> picks;  // by axis of it: null (the whole axis), an int64, or an array of integers
    std::vector<ExprRef> shape;  // of what is indexed: the axes not picked, and those of the picks
    size_t place = 0;            // where the axes of the picks begin in `shape`
    size_t together = 0;         // how many they are
    bool plain = false;          // no index array is broadcast
    ExprRef mask = nullptr;      // a mask of the array's shape is all of the index; picks not made yet
  };
  bool has_index_arrays(const ast::Expr* index);
  ExprRef list_as_array(ExprRef list);
  Fancy fancy_index(ExprRef array, const ast::Expr* index);
  void finish_shape(Fancy& out, std::vector<ExprRef> together);
  void open_mask(Fancy& index);
  void check_mask(ExprRef array, uint32_t axis, ExprRef mask);
  void check_picks(ExprRef array, uint32_t axis, ExprRef picks);
  void check_value_fits(ExprRef value, const Fancy& index);
  bool may_wrap(ExprRef pick);
  void for_each_pick(const Fancy& index,
                     const std::function<void(const std::vector<ExprRef>& at, const std::vector<ExprRef>& place,
                                              uint32_t wrap)>& body);
  ExprRef gather(const Fancy& index);
  ExprRef gather_mask(const Fancy& index);
  void scatter(Fancy index, ExprRef value);
  void map_masked(const Fancy& index, const std::function<ExprRef(ExprRef)>& make);
  void aug_assign_fancy(const ast::AugAssign& s, ExprRef array, const ast::Expr* at);

  // --- calls (gen_call.cpp)
  ExprRef call(const ast::Expr* e);
  std::vector<ExprRef> arguments(const sema::CallInfo& info, ExprRef closure = nullptr);
  ExprRef kernel_call(const ast::Expr* e, const sema::CallInfo& info);
  ExprRef builtin_call(const ast::Expr* e, const sema::CallInfo& info);
  ExprRef cast_call(const ast::Expr* e, const sema::CallInfo& info);
  ExprRef with_new_axes(ExprRef array, int count);  // behind its own
  void check_python_int(ExprRef value, TypeRef from, TypeRef to);

  // --- text (gen_text.cpp)
  struct Pieces {  // values and, where they are null, constant texts, in order
    explicit Pieces(FunctionGen& g) : operands(g) {}
    void add(std::string text) {
      operands.values.push_back(nullptr);
      texts.push_back(std::move(text));
      types.push_back(nullptr);
    }
    bool constant(std::string& text) const;  // whether all is constant, and then the text
    Operands operands;
    std::vector<std::string> texts;
    std::vector<TypeRef> types;  // of the values as inference sees them: strings and dtypes are in the type alone
  };
  void print(const ast::Call& e);
  void print_pieces(const Pieces& pieces);
  void add_text(Pieces& out, const ast::Expr* e, bool repr);
  void raise_pieces(int32_t status, const Pieces& pieces);
  void print_value(std::vector<kir::PrintItem>& items, ExprRef value, TypeRef type, bool inside_tuple);
  void flush_print(std::vector<kir::PrintItem>& items);

  // --- statements (gen_stmt.cpp)
  void body(ast::Body statements);
  void statement(const ast::Stmt* s);
  void if_statement(const ast::If& s);
  void while_statement(const ast::While& s);
  void return_statement(const ast::Return& s);
  void raise_statement(const ast::Raise& s);
  void assert_statement(const ast::Assert& s);
  void nested_def(const ast::FunctionDef& s);
  ExprRef own_constants(ExprRef result);

  // --- assignment (gen_assign.cpp)
  void assign_statement(const ast::Assign& s);
  void assign(const ast::Expr* target, ExprRef value);
  void unpack(ast::Exprs targets, ExprRef value, Span span);
  std::vector<ExprRef> elements_to_unpack(ast::Exprs targets, ExprRef value, Span span);
  void store(const ast::Subscript& target, ExprRef value);
  void store_view(ExprRef view, ExprRef value);
  void copy_elements(ExprRef view, ExprRef source);
  void aug_assign(const ast::AugAssign& s);
  void aug_assign_element(const ast::AugAssign& s, ExprRef array, Index index);
  void aug_assign_array(const ast::AugAssign& s, ExprRef view);

  // --- whole arrays (gen_elementwise.cpp)
  struct ElementOperands {
    std::vector<ExprRef> values;  // numbers as they are; null: not given
    std::vector<int> input;       // by value: which of the arrays; -1: none
    std::vector<ExprRef> arrays;
    std::vector<ExprRef> seen;  // the arrays as expressions, which may tell lengths
    std::vector<ExprRef> at(const std::vector<ExprRef>& elements) const;
  };
  ElementOperands element_operands(const sema::CallInfo& info, std::vector<ExprRef> args);
  ExprRef elementwise_call(const ast::Expr* e, const sema::CallInfo& info, std::vector<ExprRef> args);
  std::vector<ExprRef> common_shape(const std::vector<ExprRef>& arrays, ExprRef out = nullptr);
  ExprRef without_leading_axes(ExprRef array, ExprRef target);
  void check_fits(ExprRef array, const std::vector<ExprRef>& shape);
  void check_operand_fits(ExprRef array, const std::vector<ExprRef>& own, const std::vector<ExprRef>& shown);
  using MakeElement = std::function<ExprRef(const std::vector<ExprRef>& elements)>;
  kir::Stmt* map_into(ExprRef target, std::vector<ExprRef> shape, const std::vector<ExprRef>& inputs,
                      const MakeElement& make);
  void assign_elements(ExprRef view, ExprRef source);
  void update_elements(ast::BinaryOp op, ExprRef view, ExprRef value, TypeRef value_type);

  // --- functions with @vectorize (gen_ufunc.cpp)
  ExprRef ufunc_call(const sema::CallInfo& info);
  ExprRef scalar_call(const sema::TypedFunction& callee, std::vector<ExprRef> args);
  void check_output(ExprRef out, const std::vector<ExprRef>& shape);

  // --- loops (gen_loop.cpp)
  struct Sequence {
    ExprRef length = nullptr;
    std::function<ExprRef(ExprRef position)> element;
  };
  void for_statement(const ast::For& s);
  void for_range(const ast::For& s, ExprRef range);
  bool parallel_loop(const ast::For& s);
  void for_indices(const ast::For& s, ExprRef source, bool parallel);
  Sequence sequence(ExprRef value, TypeRef type, Span span);
  Sequence array_sequence(ExprRef array);
  Sequence flat_sequence(ExprRef array);
  Sequence index_sequence(ExprRef source);
  std::function<std::vector<ExprRef>(ExprRef position)> flat_places(ExprRef& array);
  void store_flat(const ast::Subscript& target, ExprRef array, ExprRef value);
  ExprRef flat_position(const ast::Subscript& e, ExprRef array);
  Sequence tuple_sequence(ExprRef tuple, Span span);
  Sequence range_sequence(ExprRef range);
  ExprRef range_length(ExprRef lo, ExprRef hi, ExprRef step);

  // Reports "`what` is not supported" and gives a value of that type to go on with.
  ExprRef unsupported(Span span, std::string_view what, TypeRef type = nullptr);
  std::string type_text(TypeRef type) const { return to_string(type); }

  ModuleGen& m_;
  const sema::TypedFunction& f_;
  sema::TypeContext& types_;
  Builder b_;
  std::vector<VarId> vars_;          // by variable
  std::map<uint32_t, VarId> bound_;  // variables that may be unbound: the flag that says whether they are
};

// Whether `e` reads memory.
bool reads_memory(ExprRef e);
// Whether a statement may write memory that existed before it.
bool writes_memory(const kir::Stmt& s);
// Whether control reaches the statement after the block.
bool falls_through(const Block& block);
// Whether `e` mentions the variable.
bool mentions(ExprRef e, VarId var);

template <typename F>
ExprRef FunctionGen::short_circuit(Op op, ExprRef left, F make_right) {
  if (b_.is_const(left) && (left->constant.i != 0) == (op == Op::OrElse)) return left;
  Block inner;
  ExprRef right = nullptr;
  b_.with_block(inner, [&] { right = make_right(); });
  if (inner.empty()) return b_.binary(op, left, right);
  const VarId result = b_.spill(left);
  kir::Stmt* s = b_.stmt(kir::StmtKind::If);
  s->expr = op == Op::AndThen ? b_.var(result) : b_.unary(Op::Not, b_.var(result));
  b_.with_block(inner, [&] { b_.assign(result, right); });
  s->body = std::move(inner);
  return b_.var(result);
}

template <typename F, typename G>
ExprRef FunctionGen::choose(ExprRef cond, TypeRef type, F make, G make_other) {
  Block yes;
  Block no;
  ExprRef a = nullptr;
  ExprRef c = nullptr;
  b_.with_block(yes, [&] { a = b_.cast(make(), type); });
  b_.with_block(no, [&] { c = b_.cast(make_other(), type); });
  if (yes.empty() && no.empty()) return a->type->is_none() ? a : b_.select(cond, a, c);
  kir::Stmt* s = b_.stmt(kir::StmtKind::If);
  s->expr = cond;
  ExprRef result = a;
  if (!a->type->is_none()) {
    const VarId id = b_.temp(type);
    b_.with_block(yes, [&] { b_.assign(id, a); });
    b_.with_block(no, [&] { b_.assign(id, c); });
    result = b_.var(id);
  }
  s->body = std::move(yes);
  s->orelse = std::move(no);
  return result;
}

}  // namespace kjit::kirgen
