// A function with the types of one specialisation: the syntax tree plus side tables. Input of kirgen.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "parse/ast.h"
#include "sema/builtins.h"
#include "sema/constant.h"
#include "sema/globals.h"
#include "sema/types.h"

namespace kjit::sema {

inline constexpr uint32_t kNone = ~0u;

// A variable: one web of a name's definitions and the uses they reach. One name may be several variables.
struct Variable {
  std::string name;
  TypeRef type = nullptr;
  source::Span first_definition;
  bool is_param = false;
  bool forced = false;         // the type was given by the decorator's locals=
  bool maybe_unbound = false;  // some path reaches a use without a definition: a run-time check is needed
  uint32_t definitions = 0;    // how many definitions (parameters count as one)
};

struct TypedFunction;

// Where one argument of a call comes from.
struct BoundArgument {
  enum class Kind : uint8_t { Expr, Element, Constant, Default, Pack, Absent } kind = Kind::Absent;
  const ast::Expr* expr = nullptr;  // Expr; Element: the starred tuple
  uint32_t element = 0;             // Element: which element of the tuple; Default: which value of the closure
  sema::Constant constant;          // Constant: a default
  std::vector<BoundArgument> pack;  // Pack: the elements of *args
  TypeRef type = nullptr;
  // Expr, Element: what the call takes, where that is not the value itself: the array that a number or a (nested) tuple
  // of numbers stands for, or a tuple with such arrays. `type` is the same then.
  TypeRef made = nullptr;
};

struct CallInfo {
  enum class Kind : uint8_t {
    Builtin,  // builtin(args): args by the row's parameters
    Kernel,   // callee(captures of `func` if any, args): one for each parameter of the callee
    Cast,     // type conversion of args[0] (int(), np.float32(), dtype-valued names) to the expression's type
    Fold,     // the value is the expression's constant; nothing is evaluated
    Ufunc,    // callee(args) of numbers, or element by element where `element_result` is set: as Builtin
  } kind = Kind::Builtin;
  const Builtin* builtin = nullptr;
  const TypedFunction* callee = nullptr;
  std::vector<BoundArgument> args;
  const ast::Expr* receiver = nullptr;  // Builtin methods: also args[0]
  TypeRef result = nullptr;
  // Builtin, on whole arrays element by element: the types of the arguments as the function sees them, in order, and of
  // what it gives (a scalar or a tuple of scalars). Empty and null: a call on values. See elementwise.h.
  std::vector<TypeRef> elements;
  TypeRef element_result = nullptr;
  int outer_axes = 0;      // element by element: new axes behind those of the first array (ufunc.outer)
  bool has_out = false;    // behind the operands in args: the array that takes the result
  bool has_where = false;  // Ufunc: behind that: which elements are computed
};

struct ExprInfo {
  TypeRef type = nullptr;      // null: not evaluated (pruned)
  uint32_t var = kNone;        // Name that is read: its variable (kNone: a global, see constant)
  uint32_t def_var = kNone;    // Name that is written (assignment and loop targets; AugAssign has both)
  uint32_t constant = kNone;   // index into TypedFunction::constants: use it, evaluate nothing
  uint32_t call = kNone;       // Call (and operators done by a call): index into calls
  bool maybe_unbound = false;  // Name that is read: some path reaches it without a definition; needs a run-time check
};

enum class Branch : uint8_t { Both, Then, Else };  // what pruning left of an If, IfExp or While

struct TypedFunction {
  const ast::FunctionDef* def = nullptr;
  const Globals* globals = nullptr;
  FunctionOptions options;             // effective
  std::string symbol;                  // unique within the program: "norm", "norm.1"
  std::vector<TypeRef> capture_types;  // closures: leading parameters
  std::vector<TypeRef> param_types;    // by position: positional, then *args as one tuple, then keyword-only
  std::vector<uint32_t> capture_vars;  // variable of each capture
  std::vector<uint32_t> param_vars;    // variable of each parameter
  TypeRef result = nullptr;
  bool recursive = false;
  bool exported = false;

  std::vector<Variable> variables;
  uint32_t expr_base = 0;       // lowest expression id of the function
  std::vector<ExprInfo> exprs;  // by id - expr_base
  std::vector<Constant> constants;
  std::vector<CallInfo> calls;
  std::unordered_map<uint32_t, Branch> branches;       // by Stmt::id of If and While; absent: Both
  std::unordered_map<uint32_t, Branch> expr_branches;  // by Expr::id of IfExp; absent: Both
  // Closures made here: by Stmt::id of a nested def / Expr::id of a lambda: the variables captured, in order.
  std::unordered_map<uint32_t, std::vector<uint32_t>> def_captures;
  std::unordered_map<uint32_t, std::vector<uint32_t>> lambda_captures;
  // Defaults of closures made here that are no literals: evaluated where they are made, kept behind the captures.
  std::unordered_map<const ast::FunctionDef*, std::vector<const ast::Expr*>> closure_defaults;
  std::unordered_map<uint32_t, uint32_t> def_vars;  // by Stmt::id of a nested def: the variable it defines
  std::unordered_set<uint32_t> dead;                // Stmt::id of statements that cannot be reached: emit nothing

  const ExprInfo& info(const ast::Expr* e) const { return exprs[e->id - expr_base]; }
  TypeRef type_of(const ast::Expr* e) const { return info(e).type; }
  const Constant* constant_of(const ast::Expr* e) const {
    uint32_t c = info(e).constant;
    return c == kNone ? nullptr : &constants[c];
  }
  const CallInfo& call_of(const ast::Expr* e) const { return calls[info(e).call]; }
};

// Entries and everything they call.
struct TypedProgram {
  std::shared_ptr<void> library;  // what its library functions belong to, where it is the program's own
  std::deque<std::unique_ptr<TypedFunction>> functions;
  const TypedFunction* entry = nullptr;
};

// Text for `inspect --emit=types`: each line of the source with the variables and calls that it types.
std::string to_string(const TypedProgram& program);

}  // namespace kjit::sema
