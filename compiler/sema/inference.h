// Inside of type inference. A Program holds the specialisations reached from one entry; a Specialization types one
// function for one tuple of argument types in rounds until nothing changes. The last round reports errors and leaves
// the side tables; it visits only what the entry really reaches, so that what was tried on the way leaves no trace.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <unordered_set>

#include "sema/infer.h"
#include "sema/promotion.h"
#include "sema/webs.h"

namespace kjit::sema {

using source::Diag;
using source::Location;

class Program;
struct UfuncMethod;

// One argument of a call before it is bound to a parameter.
struct CallArgument {
  const ast::Expr* expr = nullptr;  // null: element of a starred tuple (see element)
  const ast::Expr* starred = nullptr;
  uint32_t element = 0;
  std::string_view keyword;  // empty: by position
  TypeRef type = nullptr;
  TypeRef made = nullptr;  // see BoundArgument
  Span span;
};

class Specialization {
 public:
  Specialization(Program& program, const FunctionRef& ref, FunctionOptions options,
                 std::vector<std::string_view> captures, std::vector<TypeRef> capture_types,
                 std::vector<TypeRef> param_types, std::vector<std::optional<Constant>> literals = {});

  enum class State : uint8_t { New, Running, Tentative, Done };
  State state = State::New;
  bool finished = false;  // the last round was run
  std::unique_ptr<TypedFunction> typed;
  TypeRef forced_result = nullptr;  // of an explicit signature

  TypeRef result() const { return typed->result; }
  // What a library function gives that is nothing but the return of a constant; null for others.
  const Constant* constant_result() const;
  Span result_place() const { return first_return_.value_or(def_.name_span); }
  const std::vector<std::optional<Constant>>& literals() const { return literals_; }
  // Rounds until nothing changes. Returns whether the result or any variable changed since the call before.
  bool iterate();
  // The last round: reports to `diagnostics`.
  void finish(source::Diagnostics& diagnostics);

 private:
  friend class Program;
  void round();

  // --- statements (infer_stmt.cpp)
  // Whether control never reaches the end; known in library functions only, where constants decide conditions.
  bool body(ast::Body statements);
  bool stmt(const ast::Stmt& s);
  bool if_statement(const ast::If& s);
  void for_statement(const ast::For& s);
  void assign(const ast::Assign& s);
  void aug_assign(const ast::AugAssign& s);
  void matmul_assign(const ast::AugAssign& s, TypeRef left);
  void return_statement(const ast::Return& s);
  void raise_statement(const ast::Raise& s);
  void assert_statement(const ast::Assert& s);
  void nested_function(const ast::FunctionDef& s);
  TypeRef closure(const ast::FunctionDef& def, const std::vector<uint32_t>& vars, Span where);
  bool literal_default(const ast::Expr& e, Constant& out);
  void condition(const ast::Expr& test);
  void assign_target(const ast::Expr& target, TypeRef type, const ast::Expr* value);
  void unpack(ast::Exprs targets, const ast::Expr& target, TypeRef type, const ast::Expr* value);
  bool picks_elements(const ast::Subscript& target);
  void store(const ast::Subscript& target, TypeRef value, Span value_span);
  void define(uint32_t var, TypeRef type, Span where);
  void add_result(TypeRef type, Span where);
  TypeRef element_of(TypeRef iterable, Span where);  // what iteration gives

  // --- expressions (infer_expr.cpp): the type, Unknown while not known, null after an error
  TypeRef expr(const ast::Expr* e);
  TypeRef expr_kind(const ast::Expr& e);
  TypeRef name(const ast::Name& e);
  TypeRef global(std::string_view name, const ast::Expr& e);
  TypeRef literal(const ast::Constant& e);
  TypeRef literal_type(const ast::Constant& e, Constant& out);  // null: not a value of kernels
  TypeRef binary(const ast::BinOp& e);
  TypeRef binary_types(ast::BinaryOp op, TypeRef left, TypeRef right, Span where);
  TypeRef unary(const ast::UnaryOp& e);
  TypeRef bool_op(const ast::BoolOp& e);
  TypeRef compare(const ast::Compare& e);
  TypeRef if_exp(const ast::IfExp& e);
  TypeRef tuple(const ast::Tuple& e);
  TypeRef lambda(const ast::Lambda& e);
  TypeRef text(const ast::Expr& e);            // what print and exceptions write: values, constant text, f-strings
  TypeRef attribute(const ast::Attribute& e);  // and what follows: infer_attribute.cpp
  TypeRef attribute_of_value(const ast::Attribute& e, TypeRef value);
  TypeRef attribute_of_flags(const ast::Attribute& e, const ast::Attribute& flags, TypeRef array);
  TypeRef attribute_of_ufunc(const ast::Attribute& e, const FunctionRef& ref);
  TypeRef device_index(const ast::Expr& e, const Builtin& row);
  bool check_on_device(Span where, const Builtin& row);  // of a function that only a GPU has
  TypeRef member(const std::string& canonical, const ast::Expr& e, Span where);

  // --- subscripts (infer_index.cpp)
  TypeRef subscript(const ast::Subscript& e);
  TypeRef tuple_subscript(const ast::Subscript& e, TypeRef tuple);
  bool is_list(const ast::Expr& e) const;  // written as one, or a variable that was assigned one
  TypeRef index_array(const ast::Subscript& e, TypeRef array);
  TypeRef grid(const ast::Subscript& e, const Builtin& row);

  // --- calls (infer_call.cpp)
  TypeRef call(const ast::Call& e);
  TypeRef call_function(const ast::Call& e, TypeRef function);
  bool enter_device(const ast::Call& e, const FunctionRef& ref, FunctionOptions& options);
  // Binds the arguments to parameters. `nested`, `closure`: of an inner function, where its defaults are; else null.
  bool bind(const ast::Call& e, const FunctionRef& ref, const std::string& shown,
            const std::vector<CallArgument>& given, const std::vector<int>* closure_defaults, TypeRef closure,
            std::vector<BoundArgument>& bounds, size_t captures = 0);
  TypeRef call_builtin(const ast::Call& e, const Builtin& scalar_row, const ast::Expr* receiver, bool outer = false);
  TypeRef call_ufunc_method(const ast::Call& e, const UfuncMethod& m);
  // An operator on whole arrays; the call is the expression's.
  TypeRef operator_call(const ast::Expr& e, const Builtin* row, std::initializer_list<const ast::Expr*> operands,
                        std::string_view spelled);
  TypeRef call_cast(const ast::Call& e, TypeRef to);
  TypeRef cast_array(const ast::Call& e, TypeRef from, TypeRef to, const CallArgument& given);
  TypeRef call_method(const ast::Call& e, const ast::Attribute& func, TypeRef receiver);
  // False: some type is not known (yet). `text`: f-strings may stand here.
  bool arguments(const ast::Call& e, std::vector<CallArgument>& out, bool text = false);
  std::optional<bool> isinstance(TypeRef type, const ast::Expr& classes);
  BoundArgument bound(const CallArgument& a) const;

  // --- functions with @vectorize (infer_ufunc.cpp)
  const FunctionRef* vectorized(TypeRef function) const;  // null: it is none
  TypeRef call_vectorized(const ast::Call& e, TypeRef function, const FunctionRef& ref, bool outer = false);
  TypeRef call_vectorized_method(const ast::Call& e, const ast::Attribute& func, TypeRef function,
                                 const FunctionRef& ref);
  struct UfuncArguments {
    std::vector<const CallArgument*> operands;
    const CallArgument* out = nullptr;
    const CallArgument* where = nullptr;
    std::vector<TypeRef> elements;  // what one call of the function sees
    int rank = 0;
  };
  bool bind_ufunc(const ast::Call& e, const FunctionRef& ref, const std::vector<CallArgument>& given,
                  UfuncArguments& out);
  bool check_ufunc_result(const ast::Call& e, const FunctionRef& ref, const UfuncArguments& a, TypeRef result);
  Specialization* ufunc_loop(const ast::Call& e, const FunctionRef& ref, UfuncArguments& a);

  // --- the library (infer_library.cpp)
  // `given`: the receiver of a method, or nothing.
  TypeRef call_library(const ast::Call& e, const Builtin& row, const std::string& shown,
                       std::vector<CallArgument> given);
  // The same when the arguments are typed.
  TypeRef call_library_with(const ast::Call& e, const Builtin& row, const std::string& shown,
                            const std::vector<CallArgument>& given);
  TypeRef call_library_function(const ast::Expr& e, const FunctionRef& ref, const std::string& shown,
                                std::vector<BoundArgument> bounds);
  bool check_library_argument(const ast::Expr& e, const std::string& shown, const ast::Parameter& parameter,
                              BoundArgument& a, std::optional<Constant>& literal);
  TypeRef library_error(const ast::Expr& e, const std::string& shown, const Specialization& callee,
                        const std::vector<BoundArgument>& bounds, const source::Diagnostics& inside);
  void blame(const BoundArgument& a, const std::string& wanted, const std::string& shown, std::string_view parameter,
             Span where);
  void set_rejection(std::string_view parameter, std::string text);
  TypeRef library_intrinsic(const ast::Call& e, std::string_view name);
  std::optional<bool> decided(const ast::Expr& test) const;
  void fold_compare(const ast::Compare& e);
  bool decide_operand(const ast::BoolOp& e, const ast::Expr& operand);

  // --- constants
  void set_constant(const ast::Expr& e, Constant value);
  const Constant* constant(const ast::Expr& e) const { return typed->constant_of(&e); }
  // Arguments of a call of `ref` that are literal parameters; false after a report about one that is no constant.
  bool literal_arguments(const ast::Call& e, const FunctionRef& ref, const std::vector<BoundArgument>& bounds,
                         std::vector<std::optional<Constant>>& out);
  // Parameters that stand where a constant is missed, by the reports since `first`, become literal ones.
  void learn_literals(const source::Diagnostics& diagnostics, size_t first);
  void fold_binary(const ast::BinOp& e, TypeRef type);
  void fold_unary(const ast::UnaryOp& e, TypeRef type);

  // --- reports; silent but in the last round. All return null.
  template <typename... A>
  TypeRef fail(Diag kind, Span where, const A&... args) {
    failed_ = true;
    if (diagnostics_) last_ = &diagnostics_->report(kind, at(where), args...);
    return nullptr;
  }
  TypeRef hint(TypeRef null, std::string text) {
    if (diagnostics_ && last_) last_->hint = std::move(text);
    return null;
  }
  Location at(Span span) const { return {&globals_.file(), span}; }
  ExprInfo& info(const ast::Expr& e) { return typed->exprs[e.id - typed->expr_base]; }
  TypeRef unknown() const;
  TypeContext& types();

  Program& program_;
  const Globals& globals_;
  const ast::FunctionDef& def_;
  std::vector<std::string_view> captures_;
  Scope scope_;
  Webs webs_;
  source::Diagnostics* diagnostics_ = nullptr;  // set in the last round
  source::Diagnostic* last_ = nullptr;          // the newest report, until the next one
  bool changed_ = false;
  bool returns_ = false;  // a return statement was met in this round
  bool failed_ = false;
  bool unseen_names_ = false;  // something before that is not supported may define names: their reads are no errors
  std::vector<Span> failed_closures_;  // inner functions that capture what is not there yet
  std::vector<Span> first_typed_;      // by variable: the definition that gave its type first
  std::vector<TypeRef> first_type_;
  std::optional<Span> first_return_;
  // In library functions: values of literal parameters, and of variables that are a constant; the parameter that
  // reject() named, and why.
  const bool library_;
  std::vector<std::optional<Constant>> literals_;
  std::vector<std::optional<Constant>> values_;  // by variable
  std::unordered_set<uint32_t> lists_;           // variables that were assigned a list, which is typed as a tuple
  std::optional<std::pair<size_t, std::string>> rejection_;
};

class Program {
 public:
  Program(TypeContext& types, const InferOptions& options, LiteralParameters& literal_parameters)
      : types(types), options(options), literal_parameters(literal_parameters), out(new TypedProgram) {}

  TypeContext& types;
  InferOptions options;
  LiteralParameters& literal_parameters;
  bool learned = false;  // something was added to literal_parameters
  std::unique_ptr<TypedProgram> out;

  // Parameter types after binding, signatures applied; the specialisation's result is up to date when this returns
  // (Unknown while it is being typed). Null: no signature matches, or too many specialisations.
  Specialization* specialize(const FunctionRef& ref, const FunctionOptions& options,
                             const std::vector<std::string_view>& captures, const std::vector<TypeRef>& capture_types,
                             std::vector<TypeRef> params, const std::vector<std::optional<Constant>>& literals = {});
  // Runs the last round of `s` (once) and takes it into the program's functions.
  void finish(Specialization& s, source::Diagnostics& diagnostics);
  void take_functions(const Specialization& entry);
  bool too_many = false;
  const std::vector<Specialization*>& finished() const { return finished_; }  // in order of their last rounds
  Library& library();

  // Inner functions and lambdas met so far.
  struct Nested {
    FunctionRef ref;
    std::vector<std::string_view> captures;
    // By parameter (see all_parameters): which of the values behind the captures is its default; -1: none of them.
    std::vector<int> defaults;
  };
  std::map<const ast::FunctionDef*, Nested> nested;

 private:
  void update(Specialization& s);
  using Key = std::vector<const void*>;
  std::map<Key, std::unique_ptr<Specialization>> all_;
  std::vector<Specialization*> running_;
  std::vector<Specialization*> finished_;
  std::map<std::string, int, std::less<>> symbols_;
  std::set<std::string> literal_keys_;  // texts of literal arguments: the pointer is part of a key
};

// Scalars in tuples: more than this is an error, because tuples of tuples that double would fill memory.
inline constexpr int kMaxLeaves = 512;
inline constexpr int kMaxTypeDepth = 40;
int leaf_count(const std::vector<TypeRef>& types);  // stops counting above the limit

// "1 argument", "2 arguments".
std::string count_text(size_t n);
// "int64, array(float64, 2d, C)" for messages.
std::string type_list(const std::vector<TypeRef>& types);
// "an integer", "a tuple": what a type is, for messages.
std::string describe(TypeRef type);

}  // namespace kjit::sema
