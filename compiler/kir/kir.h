// Kernel IR: structured, typed. A function is a tree of statements over typed variables; expressions are pure trees.
//
// Semantic contract
//  - Integers wrap (two's complement). `//` and `%` follow Python's signs. Floats follow IEEE 754 unless the function's
//    fastmath flags say otherwise; NaN and signed zeros behave as in NumPy.
//  - Expressions are pure: no allocation, no exception, no store, no call. What can do one of these is a statement, and
//    statements stand in Python's order of evaluation. A Load reads memory when its statement runs.
//  - Indices of Load, Store and View are int64 elements. Out of bounds is undefined unless a Check statement stands
//    before it. An index whose `wrap` flag is set may be negative (then the axis length is added); otherwise not.
//  - Array variables are descriptors {data, owner, shape, strides}; assignment copies the descriptor (a view), never
//    elements. Two arrays may share memory unless their roots say otherwise.
//  - Results of functions are owned by the caller. Ownership is lowering's business: see lower/README.md.
//  - `for` has Python's semantics: the trip count is fixed at entry; the loop variable is assigned at the head of each
//    iteration and keeps its last value; body assignments to it do not change the iteration.
//  - Every type is a machine type (machine_type.h): None, scalars without weakness, arrays, tuples, optionals.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sema/constant.h"
#include "sema/types.h"
#include "source/diagnostics.h"
#include "source/source_file.h"

namespace kjit::kir {

using sema::Layout;
using sema::Scalar;
using sema::TypeRef;
using source::Span;

enum class Op : uint8_t {
#define OP(name, text, arity, family) name,
#include "kir/ops.def"
#undef OP
};
enum class Family : uint8_t { Leaf, Arith, Bits, Compare, Logic, Convert, Math, Complex, Aggregate, Memory, Array };
enum class MathFn : uint8_t {
#define MATH(name, arity, llvm, libm, has_complex) name,
#include "kir/math.def"
#undef MATH
};
struct OpInfo {
  const char* text;
  int arity;
  Family family;
};
const OpInfo& info(Op op);
struct MathInfo {
  const char* name;
  int arity;
  const char* llvm;
  const char* libm;
  bool has_complex;
};
const MathInfo& info(MathFn fn);
// A function of the runtime over whole arrays: see library.def.
enum class LibraryFn : uint8_t {
#define LIBRARY(name, symbol, params) name,
#include "kir/library.def"
#undef LIBRARY
};
struct LibraryInfo {
  const char* name;
  const char* symbol;
  const char* params;  // a letter for each operand
};
const LibraryInfo& info(LibraryFn fn);

// What a thread of a GPU knows about its place: see device.def.
enum class DeviceIndex : uint8_t {
#define DEVICE_INDEX(name, python, llvm) name,
#include "kir/device.def"
#undef DEVICE_INDEX
  kCount
};
struct DeviceIndexInfo {
  const char* python;
  const char* llvm;
};
const DeviceIndexInfo& info(DeviceIndex index);
// What statement Device does: see device_functions.def.
enum class DeviceFn : uint8_t {
#define DEVICE_FN(name, python, operands, result) name,
#include "kir/device_functions.def"
#undef DEVICE_FN
  kCount
};
struct DeviceFnInfo {
  const char* name;
  const char* python;
  const char* operands;
  char result;
  bool atomic() const { return *operands == 'e'; }
};
const DeviceFnInfo& info(DeviceFn fn);

using VarId = uint32_t;

// One component of a View, in order of the array's axes. Operands come from the node's args in order of need.
enum class Component : uint8_t {
  Index,    // one arg: int64; drops the axis
  Slice,    // three args: start, length, step: already clamped (start in elements, length >= 0, step any but 0)
  All,      // no args: the whole axis
  NewAxis,  // no args: a new axis of length 1 (consumes no axis)
};

struct Expr;
using ExprRef = const Expr*;

struct Expr {
  Op op;
  TypeRef type;
  Span span;
  std::vector<ExprRef> args;
  union {
    int64_t i;    // Const of integer and bool type (bits, sign- or zero-extended as the type is signed or not)
    double f[2];  // Const of float and complex type
  } constant = {0};
  VarId var = 0;  // Var
  uint32_t index =
      0;  // TupleGet, Dim, Stride, DeviceIndex: which; Load, View: bit k set = operand k of the indices may be negative
  MathFn math = MathFn::sqrt;         // Math
  std::vector<Component> components;  // View
  std::vector<uint8_t> axes;          // Transpose
};

enum class StmtKind : uint8_t {
  Assign,  // var = expr
  Store,   // array[indices] = value
  If,      // expr; body; orelse
  // var in range(lo, hi, step): body; orelse runs when not left by break. parallel: exprs[3], where it is there, says
  // when it begins whether its iterations share no memory; where they do it runs in order. exprs[4]:
  // passes/neighbours.h
  For,
  While,  // head (statements that compute expr), expr; body; orelse
  Break,
  Continue,   // of a While: head runs again
  Return,     // expr (null: None)
  Raise,      // kind, message (printed: the text that was written since Message)
  Check,      // raise kind/message unless expr is true; operands for the message in exprs
  Call,       // var (optional) = function(args): an exception passes through
  Alloc,      // var = new array of var's type, shape in exprs; fill: none, zeros or expr
  Copy,       // var = new C- or F-contiguous array (by var's type) with the elements of expr (an array), cast
  FillArray,  // every element of array expr = value
  CopyArray,  // elements of array `array` = those of array expr (same shape; as if expr were copied first)
  Map,        // elements of `array` = expr at every index: an elementwise loop nest; see MapInput
  Reduce,     // fold of expr over every index by `fold`, from `init`; inputs and body as of Map. Without `array`: into
           // the scalar var. With it: over `axes` only, into the array's elements; the array is new and has the other
           // axes, and the folded ones with length 1 when it has the rank of the iteration
  Library,   // a function of the runtime with the operands in exprs; an exception passes through. See library.def
  Print,     // items with separator and end
  Message,   // from here to the next Raise, Print writes the text of that exception
  Device,    // an operation of a GPU on what threads share: barriers, warps, atomics. See device_functions.def
  Parallel,  // the iterations 0 ... trips - 1 of a loop, in chunks, maybe on several threads: see below
  Transfer,  // brings the elements of array `expr` where `transfer` says; in functions that offload
};

// Parallel: `callee` is a function marked `region`; its first three parameters are the iterations of a chunk, [lo, hi),
// and the chunk's number, the others get the operands. exprs: trips (int64), the estimated cost of all iterations in
// nanoseconds (float64), the operands. Below some cost there is one chunk, run on the spot. When all chunks are done,
// `body` runs once for each of them, in their order, with the chunk's result in `var`: reductions and last values. The
// number of chunks depends on trips and cost only. Of exceptions, that of the lowest chunk counts.

// In a function that offloads, a region with a kernel runs on the GPU: the kernel's parameters are trips and the
// region's after the first three. Its arrays have been brought there before. Where the cost is 0 the region runs here,
// in order.
//
// Which copies of an array are valid, the host's or the device's, is known when the program runs, for each block of
// memory. Transfers say what is needed; they move nothing that is valid already.
enum class Transfer : uint8_t {
  ToDevice,      // the elements are to be read there
  ToDeviceMade,  // and written: the host's copy is out of date then
  ToHost,        // the elements are to be read here
  ToHostMade,    // and written: the device's copy is out of date then
  New,           // the block is new: nothing of it needs to be moved
  NewZeros,      // the same; its elements are zeros
};

// One array operand of a Map or Reduce: in each iteration `element` is its element at the iteration's index. Indices
// are aligned to the right; an axis of length 1 does not move (NumPy's broadcasting; Checks stand before that the
// lengths fit). The extents of the iteration are in Stmt::exprs, one int64 for each axis. `body` computes on elements
// with scalar variables of its own, and `expr` is the value of the iteration. All inputs count as read before anything
// is written, and the iterations are independent.
struct MapInput {
  VarId element = 0;
  ExprRef array = nullptr;
};

enum class Fill : uint8_t { None, Zeros, Value };

// Where an Alloc or Copy puts its array, which then has no owner: no value may refer to it when the statement runs
// again or the function has ended (passes/storage.h proves it).
enum class Memory : uint8_t {
  Own,       // a block of its own, with an owner
  Stack,     // of the function; the lengths are constants (of a Copy too: in exprs)
  Reserved,  // that of the array variable in `array`, which an Alloc `ahead` made; MemoryError where there is none
  Shared,    // Alloc, on a GPU: one array for all threads of a block, whose elements nobody sets; lengths are constants
  Dynamic,   // Alloc, on a GPU: the shared memory that the launch gave the block, from its start on
};

struct Stmt;
using StmtRef = Stmt*;
using Block = std::vector<StmtRef>;

struct PrintItem {
  ExprRef value = nullptr;  // null: text
  std::string text;
};

// A parallel loop folds values into the array: the place may be one for several iterations. See passes/array_folds.h.
struct ArrayFold {
  VarId array;
  Op join;
};

struct Stmt {
  StmtKind kind;
  Span span;
  VarId var = 0;
  bool has_var = false;  // Call: the result is wanted
  ExprRef expr = nullptr;
  ExprRef array = nullptr;  // Store, FillArray, CopyArray, Map, Reduce (when not null): the array written
  std::vector<ExprRef>
      exprs;          // Store: indices. Call: args. Alloc: shape. Raise, Check: int64 operands. For: lo, hi, step
  uint32_t wrap = 0;  // Store: bit k set = index k may be negative
  Block head, body, orelse;
  int32_t error = 0;             // Raise, Check: kjit_status
  std::string message;           // Raise, Check: may hold {0} {1} ... {99}
  uint32_t callee = 0;           // Call: index into Module::functions
  Fill fill = Fill::None;        // Alloc
  Memory memory = Memory::Own;   // Alloc, Copy
  bool ahead = false;            // Alloc: without memory, or with negative lengths, the array is null for now
  std::vector<PrintItem> items;  // Print (the line end is an item)
  std::vector<MapInput> inputs;  // Map, Reduce
  std::vector<uint8_t> axes;     // Reduce into an array: the axes folded, ascending
  bool loose = false;            // Assign: additions in expr may be done in another order, and joined with products
  bool fresh = false;            // Map, Library: no input shares memory with the arrays written, which are new.
                                 // CopyArray: the two share no memory
  Transfer transfer{};           // Transfer
  LibraryFn library{};           // Library
  DeviceFn device{};             // Device; `wrap` as of Store
  Op fold = Op::Add;       // Reduce: Add, Mul, Minimum, Maximum, BitAnd or BitOr; float sums are pairwise or reassoc
  ExprRef init = nullptr;  // Reduce. Parallel: iterations of the inner loop, where the kernel's grid has two axes
  bool parallel = false;   // For: its iterations may run in any order, on several threads (prange, array statements)
  std::vector<ArrayFold> folds;  // For, parallel
  bool uniform = false;          // Parallel: the iterations cost about the same
  bool divisible = false;        // Parallel: iterations may be dealt out in any runs, the chunk's number means nothing
  int64_t most = 0;              // Parallel: chunks at most
  bool few = false;              // For: of few iterations: neither unrolled nor vectorised nor interrupted
  bool brief = false;            // For: of a statement on whole arrays, which is not interrupted
  bool printed = false;          // Raise: see there
  bool always_taken = false;     // Check: proved by a pass (kept for the report)
};

struct Var {
  std::string name;  // as in the source; temporaries begin with '%'
  TypeRef type;
  Span span;                 // first definition
  bool is_param = false;     // one of Function::params, never assigned (kirgen copies a parameter that is rebound)
  bool counted = true;       // holds a reference to its arrays' owners (see passes/borrow.h)
  bool nonnegative = false;  // integer known to be >= 0 (see passes/ranges.h)
};

// What becomes of a loop over prange whose iterations share what they should not: see passes/races.h.
enum class RaceMode : uint8_t { Warn, Error, Ignore };

struct FastMath {
  bool reassoc = false, nnan = false, ninf = false, nsz = false, arcp = false, contract = false, afn = false;
  bool any() const { return reassoc || nnan || ninf || nsz || arcp || contract || afn; }
  friend bool operator==(const FastMath&, const FastMath&) = default;
};

// What @cuda.jit says of a kernel's machine code.
struct DeviceOptions {
  int max_threads = 0;    // of a block that it is launched with; 0: nothing is said
  int min_blocks = 0;     // on one multiprocessor at a time
  int max_registers = 0;  // of a thread
  bool lineinfo = false;  // the places of instructions in the source
  bool debug = false;     // what fails is reported: Checks and Raises, with the thread
};

class Function {
 public:
  std::string name;            // as in the source
  std::string symbol;          // unique in the module
  source::SourceFilePtr file;  // where the spans point
  Span span;
  std::vector<VarId> params;  // in order; types None, DType, String, plain Function have no run-time part
  TypeRef result = nullptr;
  std::vector<Var> vars;
  Block body;
  FastMath fastmath;
  bool boundscheck = false;
  bool poll_interrupt = false;
  bool recursive = false;  // part of a call cycle: tests the stack limit
  bool exported = false;   // an entry of the module (gets the ABI's symbols); else internal
  bool inline_always = false;
  bool library = false;       // text of the library: what goes wrong inside is shown at the call
  std::string extern_symbol;  // not empty: a C function over scalars of this name; the function has no body of its own
  bool extern_pure = false;   // the C function has no effects and depends on its arguments only
  bool extern_context = false;  // it has the form of compiled kernels: status, context, result, parameters
  bool lazy = false;            // seldom called: a general form of a statement on whole arrays (see passes/outline.h)
  bool parallel = false;        // parts of it may run on several threads,
  uint8_t serial_parts = 0;     // but not these (sema::ParallelParts)
  RaceMode races = RaceMode::Warn;  // what becomes of loops over prange with races
  bool region = false;              // the body of a Parallel statement
  std::vector<VarId> apart;         // region: parameters that overlap no other, if no arguments of the function overlap
                                    // that it was taken from, which is `from`
  uint32_t from = 0;                // region: index of that function
  bool device = false;              // runs on a GPU; exported: a kernel, without result but for those of regions
  DeviceOptions on_device;          // of a kernel
  bool offload = false;             // target='cuda': its regions run on a GPU
  std::optional<uint32_t> kernel;   // region: index of the function for the GPU,
  std::optional<uint32_t> fast;     // and of one for arrays that are apart, at addresses that are multiples of 16
  std::vector<VarId> stored;        // region with a kernel: parameters whose arrays it stores to
  int64_t beside = 1;               // kernel: iterations that a thread does in a row
  uint32_t alignment = 0;           // what the addresses of array arguments are multiples of, if more than elements ask
  std::optional<uint32_t> join;     // that function: index of the one that joins the results of two threads
  bool assume_no_alias = false;  // array arguments that are written overlap no other argument (checked by the caller)

  VarId add_var(std::string var_name, TypeRef type, Span where) {
    vars.push_back({std::move(var_name), type, where});
    return static_cast<VarId>(vars.size() - 1);
  }
  Expr* new_expr(Op op, TypeRef type, Span where) {
    auto& e = exprs_.emplace_back();
    e.op = op, e.type = type, e.span = where;
    return &e;
  }
  Stmt* new_stmt(StmtKind kind, Span where) {
    auto& s = stmts_.emplace_back();
    s.kind = kind, s.span = where;
    return &s;
  }

 private:
  std::deque<Expr> exprs_;
  std::deque<Stmt> stmts_;
};

struct Module {
  std::string name;
  std::vector<std::unique_ptr<Function>> functions;                         // entries and everything they call
  std::vector<std::shared_ptr<const sema::ConstantArray>> constant_arrays;  // by Op::ConstArray's index
  std::vector<source::Diagnostic> findings;                                 // of passes, about the program
  bool simulated = false;  // functions for a GPU that the CPU runs, watched by the simulator (kjit_rt/simulator.h)
};

// Nanoseconds of estimated work below which a Parallel statement runs at once on the thread that comes to it: waking
// others and joining them costs some 5 us.
constexpr double kWorthThreads = 40'000;

// Text of the IR, for people, tests and --print-after.
std::string to_string(const Function& function);
std::string to_string(const Module& module);
std::string to_string(const Function& function, ExprRef expr);

// Checks every invariant listed at the head of verifier.cpp; returns the violations (empty: fine).
std::vector<std::string> verify(const Module& module);

}  // namespace kjit::kir
